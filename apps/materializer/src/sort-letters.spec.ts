import { letterRecord, type Letter } from '@millrace/kafka'
import { describe, expect, it } from '@jest/globals'
import { sortDead, sortLate } from './sort-letters.ts'

const letter: Letter = { key: 'q5mZ0mC8u0m1o1yqk6v2Gw', value: Buffer.from([123, 0, 255]), reason: 'late', detail: '3 s behind', origin: { url: 'http://x/', page: 2, index: 17 }, eventTime: -5, run: 'run1' }
const batch = (topic: string, ...letters: Letter[]) => ({ topic, partition: 0, records: letters.map((one, index) => ({ ...letterRecord(one), offset: BigInt(index), timestamp: 99 })) })
const content = { reason: 'late', detail: '3 s behind', origin: '{"url":"http://x/","page":2,"index":17}', run: 'run1', value: letter.value, receivedAt: 99 }

describe('letters', () => {
  it('on a late topic are late events with the original bytes', () => {
    expect(sortLate(batch('t.late', letter))).toEqual({ late: [{ ...content, eventId: letter.key, eventTime: -5 }], dead: [] })
  })

  it('on a late topic that name no event are dead letters, never dropped', () => {
    const { eventTime: _, ...timeless } = letter
    const { late, dead } = sortLate(batch('t.late', { ...letter, key: '' }, timeless))
    expect(late).toEqual([])
    expect(dead.map(({ offset, reason, detail }) => [offset, reason, detail])).toEqual([
      [0, 'late-malformed', 'A late event lacks its id (late: 3 s behind)'],
      [1, 'late-malformed', 'A late event lacks its event time (late: 3 s behind)'],
    ])
  })

  it('on a dead-letter topic are known by their place', () => {
    expect(sortDead(batch('t.dead', letter, letter)).dead).toEqual([0, 1].map((offset) => ({ ...content, key: letter.key, eventTime: -5, topic: 't.dead', partition: 0, offset })))
  })

  it('about a record of a topic are known by that record, so that a letter written twice is one', () => {
    const twice: Letter = { ...letter, origin: { topic: 'quakes.v1', partition: 1, offset: '812' } }
    expect(sortDead(batch('t.dead', twice, twice)).dead.map(({ topic, partition, offset }) => [topic, partition, offset])).toEqual([['quakes.v1', 1, 812], ['quakes.v1', 1, 812]])
  })

  it('with an origin that cannot be read are known by their place', () => {
    const [record] = batch('t.dead', letter).records
    if (!record) throw new Error('no record')
    const strange = { ...record, headers: { ...record.headers, origin: '{"topic":5,"partition":0,"offset":"1"}' } }
    expect(sortDead({ topic: 't.dead', partition: 0, records: [strange] }).dead).toMatchObject([{ topic: 't.dead', partition: 0, offset: 0 }])
  })
})
