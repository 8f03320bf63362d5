import { describe, expect, it } from '@jest/globals'
import { planTopics } from './plan-topics.ts'

const spec = { topic: 'trades.v1', partitions: 2, config: { 'retention.ms': '1000' } }
const same = { topic: 'trades.v1', partitions: 2, config: { 'retention.ms': '1000', 'max.message.bytes': '9' }, ownConfig: { 'max.message.bytes': '9' } }

describe('planTopics', () => {
  it('creates what is missing', () => {
    expect(planTopics([spec], [])).toEqual([{ kind: 'create', ...spec }])
  })

  it('changes nothing where all is as declared', () => {
    expect(planTopics([spec], [same])).toEqual([])
  })

  it('sets what differs and keeps what somebody else has set', () => {
    const other = { ...same, config: { ...same.config, 'retention.ms': '7' } }
    expect(planTopics([spec], [other])).toEqual([{ kind: 'configure', topic: 'trades.v1', config: { 'max.message.bytes': '9', 'retention.ms': '1000' }, differs: ['retention.ms'] }])
  })

  it('refuses another number of partitions', () => {
    expect(planTopics([spec], [{ ...same, partitions: 3 }])).toEqual([{ kind: 'refused', topic: 'trades.v1', found: 3, declared: 2 }])
  })
})
