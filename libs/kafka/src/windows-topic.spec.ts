import { describe, expect, it } from '@jest/globals'
import { encodeMarker, type ProgressMarker } from './progress-marker.ts'
import { encodeWindow, type WindowRecord } from './window-record.ts'
import { decodeMarker, decodeWindow, decodeWindowTopicRecord } from './windows-topic.ts'

const window: WindowRecord = { view: 'per-hour', group: ['ci'], start: 1_517_443_200_000, end: 1_517_446_800_000, events: 12, generation: 1, measures: { strongest: 3.1 } }
const marker: ProgressMarker = { kind: 'progress', stream: 'quakes', version: 1, generation: 1, watermark: -5, offsets: { 0: '812' } }
const bytes = (value: unknown) => Buffer.from(JSON.stringify(value))

describe('a windows topic', () => {
  it('carries a window as the wire format says', () => {
    const { key, value } = encodeWindow(window)
    expect(key.toString()).toBe('["per-hour","[\\"ci\\"]",1517443200000]')
    expect(value.toString()).toBe('{"view":"per-hour","group":["ci"],"start":1517443200000,"end":1517446800000,"events":12,"generation":1,"measures":{"strongest":3.1}}')
    expect(decodeWindow(value)).toEqual(window)
  })

  it('carries a progress marker as the wire format says', () => {
    const { value } = encodeMarker(marker)
    expect(value.toString()).toBe('{"kind":"progress","stream":"quakes","version":1,"generation":1,"watermark":-5,"offsets":{"0":"812"}}')
    expect(decodeMarker(value)).toEqual(marker)
  })

  it('takes an absent measure for an absent key', () => {
    expect(decodeWindow(bytes({ ...window, measures: { strongest: null, deepest: 7 } })).measures).toEqual({ deepest: 7 })
  })

  it.each([
    ['no value', null, 'no value'],
    ['no JSON', Buffer.from('{"view":'), 'not JSON'],
    ['a list', bytes([1]), 'not a JSON object'],
    ['a group of numbers', bytes({ ...window, group: [1] }), 'group is not a list of texts'],
    ['a window that ends before it starts', bytes({ ...window, end: 0 }), 'start and end are no window'],
    ['no events', bytes({ ...window, events: 0 }), 'events is not a whole number above 0'],
    ['a fraction of a generation', bytes({ ...window, generation: 1.5 }), 'generation is not a whole number above 0'],
    ['measures that are a list', bytes({ ...window, measures: [] }), 'measures is not an object'],
    ['a marker with offsets as numbers', bytes({ ...marker, offsets: { 0: 812 } }), 'offsets is not an object of offsets as text'],
    ['a marker without a watermark', bytes({ ...marker, watermark: null }), 'watermark is not a whole number'],
  ])('calls %s malformed and says why', (_, value, problem) => {
    const record = decodeWindowTopicRecord(value)
    expect(record).toMatchObject({ kind: 'malformed' })
    expect(record).toHaveProperty('problem', expect.stringContaining(problem))
  })

  it('does not give a window for a marker, nor a marker for a window', () => {
    expect(() => decodeWindow(encodeMarker(marker).value)).toThrow('found a progress marker')
    expect(() => decodeMarker(encodeWindow(window).value)).toThrow('found a window')
  })
})
