import type { Drill } from '../drill.ts'

export const kafkaKilled: Drill = {
  id: 'F05',
  title: 'Kafka killed, away for 5 s and for 60 s',
  breaks: 'kill -9 of Kafka in the middle of the flow; its next process is held for 5 s, then again for 60 s',
  expects: 'everybody waits; what was published is still there, what was not is published once Kafka is back',
  protects: 'pages written ahead; clients that are built anew; offsets committed after the store',
  async run({ processes, traffic, recovers }) {
    for (const seconds of [5, 60]) {
      await traffic.untilMade((await traffic.made()).during + 2_000)
      await processes.killFor('kafka', seconds * 1_000)
      await recovers(`Kafka away for ${seconds} s`)
    }
  },
}
