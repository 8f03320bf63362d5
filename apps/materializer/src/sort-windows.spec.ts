import { WindowWriter, type CassandraSession } from '@millrace/cassandra'
import { encodeMarker, encodeWindow, type WindowRecord } from '@millrace/kafka'
import { trades } from '@millrace/streams'
import { describe, expect, it } from '@jest/globals'
import { sortWindows } from './sort-windows.ts'

const writer = new WindowWriter({} as CassandraSession, trades)
const start = 1_517_479_200_000
const window: WindowRecord = { view: 'per-minute', group: ['MSFT'], start, end: start + 60_000, events: 3, generation: 2, measures: { open: 1.5, volume: 12 } }
const marker = { kind: 'progress', stream: 'trades', version: 1, generation: 2, watermark: 7, offsets: { 0: '4' } } as const

const sort = (...records: { key: Buffer; value: Buffer | null }[]) => sortWindows({
  topic: 'trades.v1.windows', partition: 1,
  records: records.map((record, index) => ({ ...record, offset: BigInt(40 + index), headers: {}, timestamp: start })),
}, trades, (one) => writer.rowOf(one))

describe('a batch of windows', () => {
  it('becomes rows and the last marker of each generation', () => {
    const sorted = sort(encodeWindow(window), encodeMarker(marker), encodeMarker({ ...marker, generation: 3 }), encodeMarker({ ...marker, watermark: 9 }))
    expect(sorted.rows).toMatchObject([{ view: 'per-minute', events: 3 }])
    expect(sorted.markers).toEqual([{ ...marker, watermark: 9 }, { ...marker, generation: 3 }])
    expect(sorted.refused).toEqual([])
  })

  it('has the furthest marker of a generation, also where one that was given up is appended after it', () => {
    const further = { ...marker, watermark: 9, offsets: { 0: '11' } }
    expect(sort(encodeMarker(further), encodeMarker({ ...marker, offsets: { 0: '9' } })).markers).toEqual([further])
    expect(sort(encodeMarker({ ...marker, offsets: { 0: '9' } }), encodeMarker(further)).markers).toEqual([further])
  })

  it.each<[string, { key: Buffer; value: Buffer | null }, string, string]>([
    ['no JSON', { key: Buffer.from('k'), value: Buffer.from('{"view"') }, 'window-malformed', 'not JSON'],
    ['no value', { key: Buffer.from('k'), value: null }, 'window-malformed', 'no value'],
    ['a view that is not declared any more', encodeWindow({ ...window, view: 'per-day' }), 'window-refused', "has no view 'per-day'"],
    ['a measure of a newer declaration', encodeWindow({ ...window, measures: { median: 1 } }), 'window-refused', "no measure 'median'"],
    ['a value of another kind', encodeWindow({ ...window, measures: { volume: 1.5 } }), 'window-refused', 'volume is 1.5'],
    ['a window of another stream', encodeMarker({ ...marker, stream: 'earthquakes' }), 'marker-refused', 'earthquakes.v1 in the topic of trades.v1'],
    ['a marker of another version', encodeMarker({ ...marker, version: 2 }), 'marker-refused', 'trades.v2'],
  ])('keeps %s as a dead letter with its bytes, place and reason, and goes on', (_, record, reason, detail) => {
    const sorted = sort(encodeWindow(window), record, encodeWindow({ ...window, group: ['AAPL'] }))
    expect(sorted.rows).toHaveLength(2)
    expect(sorted.markers).toEqual([])
    expect(sorted.refused).toEqual([{
      topic: 'trades.v1.windows', partition: 1, offset: 41, key: record.key.toString(), reason, detail: expect.stringContaining(detail) as unknown,
      origin: '{"topic":"trades.v1.windows","partition":1,"offset":"41"}', eventTime: null, run: '', value: record.value ?? Buffer.alloc(0), receivedAt: start,
    }])
  })
})
