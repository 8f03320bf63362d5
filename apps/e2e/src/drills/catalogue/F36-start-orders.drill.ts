import { setTimeout as pause } from 'node:timers/promises'
import type { Drill } from '../drill.ts'
import { engines, workers, type ProcessName } from '../faults/processes.ts'
import { seededRandom } from '../seeded-random.ts'

const all: readonly ProcessName[] = [...engines, ...workers]
const apartMs = 3_000
const absentMs = 120_000

export const startOrders: Drill = {
  id: 'F36',
  title: 'every start order; a dependency away for minutes',
  breaks: `everything killed, and started in an order of chance, ${apartMs / 1_000} s apart: workers before engines, then two orders by the seed; then each engine in turn starts ${absentMs / 1_000} s after all others`,
  expects: 'who is early waits: alive, not ready, without a crash',
  protects: 'a missing dependency at the start is waited for',
  async run({ processes, traffic, recovers, seed, say }) {
    const random = seededRandom(seed)
    const orders: { order: readonly ProcessName[]; lastAfterMs: number }[] = [
      { order: [...workers, ...engines], lastAfterMs: apartMs },
      { order: shuffled(all, random), lastAfterMs: apartMs },
      { order: shuffled(all, random), lastAfterMs: apartMs },
      ...engines.map((last) => ({ order: [...shuffled(all.filter((name) => name !== last), random), last], lastAfterMs: absentMs })),
    ]
    await traffic.flow({ rate: 100, duplicateShare: 0.05, disorderMs: 3_000 })
    for (const { order, lastAfterMs } of orders) {
      await traffic.untilMade((await traffic.made()).during + 500)
      say(`starting ${order.join(', ')}${lastAfterMs === apartMs ? '' : `, the last ${lastAfterMs / 1_000} s later`}`)
      const held = new Map<ProcessName, { goOn(): void }>()
      for (const name of all) held.set(name, await processes.killAndHold(name))
      for (const [index, name] of order.entries()) {
        if (index > 0) await pause(index === order.length - 1 ? lastAfterMs : apartMs)
        held.get(name)?.goOn()
      }
      await recovers(`${order.at(-1) ?? ''} last`)
    }
  },
}

function shuffled<T>(values: readonly T[], random: () => number): T[] {
  const left = [...values]
  return values.map(() => left.splice(Math.floor(random() * left.length), 1)).flat()
}
