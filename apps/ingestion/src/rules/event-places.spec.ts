import { inflateRawSync } from 'node:zlib'
import { eventRecord, letterRecord, partitionOf } from '@millrace/kafka'
import { describe, expect, it } from '@jest/globals'
import { sightings } from '../testing/sightings.ts'
import { placeFields, withPlaces } from './event-places.ts'
import { seenRow } from './seen-index.ts'

const stream = sightings()
const id = (n: number) => `${'A'.repeat(21)}${'AQgw'[n] ?? 'A'}`
const record = (n: number, bird: string) => eventRecord(stream, { id: `b${n}`, bird, seenAt: 1_000 + n }, { run: 'r', id: id(n) })

describe('the places of events', () => {
  it('are the offsets that their sends have got, in the order of the ids; refused ones have none', () => {
    const messages = [record(0, 'owl'), record(1, 'crow'), record(2, 'owl'), record(3, 'owl')]
    const partition = partitionOf(Buffer.from('owl'), 2)
    const other = partitionOf(Buffer.from('crow'), 2)
    const refused = messages.slice(2, 3)
    const appended = partition === other ? [{ partition, baseOffset: 10n, count: 3 }] : [{ partition, baseOffset: 10n, count: 1 }, { partition: other, baseOffset: 5n, count: 1 }, { partition, baseOffset: 20n, count: 1 }]
    const late = letterRecord({ key: 'B'.repeat(21).concat('A'), value: Buffer.from('{}'), reason: 'late', detail: '', origin: { url: 'u', page: 0, index: 0 }, run: 'r' })
    const row = seenRow('x', [3, 2, 1, 0].map((n) => ({ id: id(n), content: 'AAAAAAAA' })).concat({ id: 'B'.repeat(21).concat('A'), content: 'AAAAAAAA' }))
    const [kept] = withPlaces(stream, [row], { sends: [{ send: { topic: 'sightings.v1', messages }, appended, refused }, { send: { topic: 'sightings.v1.late', messages: [late] }, appended: [], refused: [] }] })
    expect(JSON.parse(inflateRawSync(kept?.places ?? Buffer.alloc(0)).toString())).toEqual({
      run: 'r', fields: ['seenAt'],
      places: [[partition, partition === other ? 12 : 20, 1_003], null, [other, partition === other ? 11 : 5, 1_001], [partition, 10, 1_000], ['late']],
    })
  })

  it('say on which topic they are, where it is not the first', () => {
    const [kept] = withPlaces(stream, [seenRow('x', [{ id: id(0), content: 'AAAAAAAA' }])], { sends: [{ send: { topic: 'sightings.v1', messages: [record(0, 'owl')] }, appended: [{ partition: partitionOf(Buffer.from('owl'), 2), baseOffset: 3n, count: 1 }], refused: [] }], incarnation: 2 })
    expect(JSON.parse(inflateRawSync(kept?.places ?? Buffer.alloc(0)).toString())).toMatchObject({ incarnation: 2, places: [[expect.any(Number), 3, 1_000]] })
  })

  it('have the fields that decide on windows', () => {
    const [view] = stream.views
    if (!view) throw new Error('no view')
    expect(placeFields({ eventTime: 'at', views: [{ ...view, by: ['a', 'at'], where: { op: 'not', of: { op: 'present', field: 'b' } } }] })).toEqual(['at', 'a', 'b'])
  })
})
