import { setTimeout as pause } from 'node:timers/promises'
import { eventually } from '../../line/eventually.ts'
import { everyQueryRuns } from '../../line/every-query-runs.ts'
import type { Drill } from '../drill.ts'
import { seededRandom } from '../seeded-random.ts'

const times = 20
const withinMs = 4_000

export const sparkKilledOften: Drill = {
  id: 'F10',
  title: `Spark killed ${times} times at random points`,
  breaks: `kill -9 of the Spark server ${times} times, each within ${withinMs / 1_000} s after its query runs again`,
  expects: 'every batch has its effect once, however often it was begun',
  protects: 'the checkpoint; absolute rows, versioned by their count',
  async run({ line, processes, traffic, recovers, seed, say }) {
    const random = seededRandom(seed)
    await traffic.flow({ rate: 100, duplicateShare: 0.05, disorderMs: 3_000 })
    for (let time = 1; time <= times; time++) {
      const old = await processes.kill('spark')
      await processes.ready('spark', old)
      await eventually(() => everyQueryRuns(line), { deadlineMs: 180_000, everyMs: 250, what: 'every query to run' })
      await pause(random() * withinMs)
      if (time % 5 === 0) say(`killed ${time} times`)
    }
    await recovers(`killed ${times} times`)
    await traffic.flow({ rate: 1_000, duplicateShare: 0.05, disorderMs: 3_000 })
  },
}
