import { expect, it } from '@jest/globals'
import { topicSpecs } from './topic-specs.ts'

it('gives a stream four topics that the broker stamps and deletes by age', () => {
  const specs = topicSpecs({ name: 'trades', version: 2, partitions: 3, retentionMs: 7_200_000 })
  expect(specs.map(({ topic, partitions }) => [topic, partitions])).toEqual([['trades.v2', 3], ['trades.v2.windows', 3], ['trades.v2.late', 1], ['trades.v2.dead-letters', 1]])
  for (const { config } of specs) expect(config).toEqual({ 'cleanup.policy': 'delete', 'message.timestamp.type': 'LogAppendTime', 'retention.ms': '7200000' })
})
