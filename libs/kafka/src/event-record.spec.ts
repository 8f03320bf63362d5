import { describe, expect, it } from '@jest/globals'
import { defineStream, httpSource, instant, real, text, tumbling } from '@millrace/stream-kit'
import { eventId } from './event-id.ts'
import { eventRecord } from './event-record.ts'

const quakes = defineStream({
  name: 'quakes', version: 1, summary: 'Quakes.',
  event: { id: text(), network: text(), magnitude: real().optional(), occurredAt: instant() },
  id: ['id'], key: 'network', eventTime: 'occurredAt', lateness: '1 hour', retention: '1 day', partitions: 1,
  source: httpSource({ url: 'http://source.example/', start: { after: 0 }, overlap: 0, pageSize: 1, timeout: '1 second', request: () => ({ query: {} }), items: () => [], advance: (cursor) => cursor, toEvent: () => ({ id: '', network: '', occurredAt: 0 }) }),
  views: { 'per-hour': { summary: 'By hour.', window: tumbling('1 hour') } },
})

const event = { id: 'ci1', network: 'ci', magnitude: 3.1, occurredAt: 1_517_443_200_000 }

describe('eventRecord', () => {
  it('writes the event as the wire format says', () => {
    const { key, value, headers } = eventRecord(quakes, event, { run: 'r1' })
    expect(key.toString()).toBe('ci')
    expect(value.toString()).toBe('{"id":"ci1","network":"ci","magnitude":3.1,"occurredAt":1517443200000}')
    expect(headers).toEqual({
      ce_specversion: '1.0', ce_id: eventId(quakes, event), ce_source: '/millrace/quakes', ce_type: 'quakes.v1',
      ce_time: '2018-02-01T00:00:00.000Z', 'content-type': 'application/json', run: 'r1',
    })
  })
})

describe('eventId', () => {
  it('has 22 characters that are safe in a URL, and never changes', () => {
    expect(eventId(quakes, event)).toBe('QQ6f4XBtHiifTIaF-BejSw')
  })

  it('depends on the id fields, the stream and its version only', () => {
    expect(eventId(quakes, { ...event, magnitude: 9 })).toBe(eventId(quakes, event))
    expect(eventId(quakes, { ...event, id: 'ci2' })).not.toBe(eventId(quakes, event))
    expect(eventId({ ...quakes, version: 2 }, event)).not.toBe(eventId(quakes, event))
  })

  it('does not let one value run into the next', () => {
    const two = { name: 's', version: 1, id: ['a', 'b'] }
    expect(eventId(two, { a: 'x', b: 'yz' })).not.toBe(eventId(two, { a: 'xy', b: 'z' }))
    expect(eventId(two, { a: 'x","y', b: 'z' })).not.toBe(eventId(two, { a: 'x', b: 'y","z' }))
  })
})
