import { expect, it } from '@jest/globals'
import { windowsOf } from './windows-of.ts'

const shape = { at: (event: { at: number }) => event.at, group: () => ({ symbol: 'A' }), measure: () => ({}) }
const starts = (at: number, sizeMs: number, slideMs: number): string[] =>
  windowsOf([{ at }], { ...shape, window: { sizeMs, slideMs } }).map(({ windowStart }) => String(windowStart)).sort()

it('puts an event into the one tumbling window that holds it, its start included and its end not', () => {
  expect(starts(60_000, 60_000, 60_000)).toEqual(['1970-01-01T00:01:00.000Z'])
  expect(starts(119_999, 60_000, 60_000)).toEqual(['1970-01-01T00:01:00.000Z'])
})

it('puts an event into size / slide sliding windows', () => {
  expect(starts(61_000, 60_000, 20_000)).toEqual(['1970-01-01T00:00:20.000Z', '1970-01-01T00:00:40.000Z', '1970-01-01T00:01:00.000Z'])
})
