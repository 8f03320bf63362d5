import type { Drill } from '../drill.ts'

export const sparkKilled: Drill = {
  id: 'F09',
  title: 'Spark killed in the middle of a batch',
  breaks: 'kill -9 of the Spark server while it reads, aggregates and writes',
  expects: 'the bridge starts the query again on the next server; the batch is done again and changes nothing twice',
  protects: 'the checkpoint; absolute rows, versioned by their count',
  async run({ processes, traffic, recovers }) {
    await traffic.untilMade(3_000)
    await processes.kill('spark')
    await recovers('Spark killed')
  },
}
