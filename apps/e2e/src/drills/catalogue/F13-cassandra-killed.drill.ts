import type { Drill } from '../drill.ts'

export const cassandraKilled: Drill = {
  id: 'F13',
  title: 'Cassandra killed, away for 5, 30 and 120 s',
  breaks: 'kill -9 of Cassandra while rows are written; its next process is held for 5 s, then 30 s, then 120 s',
  expects: 'nothing acknowledged is lost; ingestion and materializer wait, the API answers 503',
  protects: 'commitlog_sync: batch; offsets committed after the store; rows that may be written again',
  async run({ processes, traffic, recovers }) {
    for (const seconds of [5, 30, 120]) {
      await traffic.untilMade((await traffic.made()).during + 2_000)
      await processes.killFor('cassandra', seconds * 1_000)
      await recovers(`Cassandra away for ${seconds} s`)
    }
  },
}
