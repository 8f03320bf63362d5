import type { Drill } from '../drill.ts'

export const kafkaFrozen: Drill = {
  id: 'F08',
  title: 'Kafka stands still, for less and for more than a request may take',
  breaks: 'SIGSTOP of Kafka for 4 s, then for 25 s (a request may take 10 s); then it goes on with all it had in hand',
  expects: 'late answers are answers to nobody; pages are sent again',
  protects: 'a producer with an unknown send is never used again; duplicates removed by id',
  async run({ processes, traffic, recovers }) {
    for (const seconds of [4, 25]) {
      await traffic.untilMade((await traffic.made()).during + 2_000)
      await processes.freeze('kafka', seconds * 1_000)
      await recovers(`Kafka still for ${seconds} s`)
    }
  },
}
