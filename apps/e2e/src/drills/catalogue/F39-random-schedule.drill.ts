import { setTimeout as pause } from 'node:timers/promises'
import type { DrillBench } from '../bench/drill-bench.ts'
import type { Drill } from '../drill.ts'
import { ProxiedIngestion } from '../faults/proxied-ingestion.ts'
import { faultSchedule, type Planned } from '../faults/schedule.ts'

export const randomSchedule: Drill = {
  id: 'F39',
  title: 'a random schedule of kills, stops and cuts',
  breaks: 'for --seconds, every three to fifteen seconds: kill -9 or SIGSTOP of any process, or the ways of ingestion to Kafka or Cassandra cut; by --seed, and at the same time as it comes',
  expects: 'all of the above together',
  protects: 'all of the above together',
  async run(bench) {
    const { traffic, seconds, seed, say, recovers } = bench
    const ingestion = await ProxiedIngestion.open(bench)
    await ingestion.takeOver()
    await traffic.flow({ rate: 200, duplicateShare: 0.05, disorderMs: 3_000 })
    const planned = faultSchedule(seed, seconds)
    const begun = Date.now()
    const under: Promise<void>[] = []
    for (const fault of planned) {
      await pause(Math.max(0, begun + fault.atMs - Date.now()))
      say(`${(fault.atMs / 1_000).toFixed(0).padStart(4)} s  ${fault.kind} ${fault.kind === 'cut' ? `the way to ${fault.way}` : fault.whom}${fault.kind === 'kill' ? '' : ` for ${(fault.forMs / 1_000).toFixed(1)} s`}`)
      under.push(carryOut(fault, bench, ingestion))
    }
    await Promise.all(under)
    await recovers(`the last of ${planned.length} faults`)
    await traffic.flow({ rate: 500, duplicateShare: 0.05, disorderMs: 3_000 })
  },
}

async function carryOut(fault: Planned, { processes }: DrillBench, ingestion: ProxiedIngestion): Promise<void> {
  switch (fault.kind) {
    case 'kill':
      if (fault.whom === 'ingestion') await ingestion.killed()
      else await processes.kill(fault.whom)
      return
    case 'stop':
      if (fault.whom === 'ingestion') await ingestion.frozen(fault.forMs)
      else await processes.freeze(fault.whom, fault.forMs)
      return
    case 'cut':
      await ingestion.cutOff(fault.way, fault.forMs)
  }
}
