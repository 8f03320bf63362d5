import { setTimeout as pause } from 'node:timers/promises'
import { enterRun } from '../../http/trigger-run.ts'
import type { Drill } from '../drill.ts'
import { StandIn } from '../faults/stand-in.ts'

const beyondTheLeaseMs = 13_000

export const twoIngesters: Drill = {
  id: 'F20',
  title: 'two ingestion instances, and a zombie',
  breaks: 'a second instance runs beside the first; whoever holds the stream is stopped for longer than its lease, then goes on as if nothing had been; runs are triggered at both',
  expects: 'one of them ingests at any time; what the zombie sends repeats ids',
  protects: "the lease's epoch in every transaction",
  async run(bench) {
    const { line, processes, traffic, recovers } = bench
    const second = await StandIn.start(line, processes, 'ingestion', { MILLRACE_INGESTION_INSTANCE: 'second' })
    bench.finally(() => second.kill())
    const both = [line, line.at({ ingestion: second.url })]
    for (const whom of ['first', 'second', 'first'] as const) {
      await traffic.untilMade((await traffic.made()).during + 2_000)
      await Promise.all(both.map((at) => enterRun(at, 'trades')))
      const pid = whom === 'first' ? await processes.pid('ingestion') : second.pid
      process.kill(pid, 'SIGSTOP')
      await pause(beyondTheLeaseMs)
      process.kill(pid, 'SIGCONT')
      await recovers(`the ${whom} one a zombie`)
    }
  },
}
