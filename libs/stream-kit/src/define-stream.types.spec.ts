import { expect, it } from '@jest/globals'
import { approxPercentile, atLeast, avg, bool, defineStream, every, first, httpSource, instant, int, max, oneOf, ratio, real, sliding, sum, text, times, tumbling } from './index.ts'

/**
 * What the editor refuses. Nothing here runs: `tsc` fails when a line under `@ts-expect-error` compiles.
 */
const event = { id: text(), place: text(), magnitude: real().optional(), depthKm: real(), size: int(), felt: bool(), at: instant(), revisedAt: instant().optional() }

const source = httpSource({
  url: 'http://127.0.0.1:1/',
  start: { seq: 0 },
  overlap: 0,
  pageSize: 10,
  timeout: '1 second',
  request: ({ cursor }) => ({ query: { after: cursor.seq } }),
  items: (body: { rows: { id: string }[] }) => body.rows,
  advance: (cursor) => cursor,
  toEvent: ({ id }) => ({ id, place: 'x', depthKm: 1, size: 1, felt: true, at: 0 }),
})

const base = { name: 'quakes', version: 1, summary: '', event, id: ['id'], key: 'place', eventTime: 'at', lateness: '1 hour', retention: '1 day', partitions: 1, source } as const
const window = tumbling('1 hour')

export const refusals = [
  () => defineStream({ ...base, views: { a: { summary: '', window, by: ['place', 'size', 'felt'], measures: { deep: avg('depthKm'), worth: ratio(sum(times('depthKm', 'size')), sum('size')), opened: first('felt') }, where: atLeast('magnitude', 3) } } }),
  () => defineStream({ ...base, views: { a: { summary: '', window, where: every(atLeast('magnitude', 3), oneOf('place', ['x'])) } } }),
  // @ts-expect-error an average of a text
  () => defineStream({ ...base, views: { a: { summary: '', window, measures: { deep: avg('place') } } } }),
  // @ts-expect-error a sum that uses a text
  () => defineStream({ ...base, views: { a: { summary: '', window, measures: { deep: sum(times('depthKm', 'place')) } } } }),
  // @ts-expect-error a ratio with a text in it
  () => defineStream({ ...base, views: { a: { summary: '', window, measures: { deep: ratio(sum('depthKm'), sum('place')) } } } }),
  // @ts-expect-error the greatest of a boolean
  () => defineStream({ ...base, views: { a: { summary: '', window, measures: { most: max('felt') } } } }),
  // @ts-expect-error a percentile of a text
  () => defineStream({ ...base, views: { a: { summary: '', window, measures: { most: approxPercentile('place', 0.5) } } } }),
  // @ts-expect-error a measure of a field that is not there
  () => defineStream({ ...base, views: { a: { summary: '', window, measures: { most: max('depth') } } } }),
  // @ts-expect-error a group that is no field
  () => defineStream({ ...base, views: { a: { summary: '', window, by: ['network'] } } }),
  // @ts-expect-error a group by an optional field
  () => defineStream({ ...base, views: { a: { summary: '', window, by: ['revisedAt'] } } }),
  // @ts-expect-error a group by a real number
  () => defineStream({ ...base, views: { a: { summary: '', window, by: ['depthKm'] } } }),
  // @ts-expect-error a comparison of a text with a number
  () => defineStream({ ...base, views: { a: { summary: '', window, where: atLeast('place', 3) } } }),
  // @ts-expect-error a condition on a field that is not there
  () => defineStream({ ...base, views: { a: { summary: '', window, where: oneOf('planet', ['earth']) } } }),
  // @ts-expect-error an unknown key of a view
  () => defineStream({ ...base, views: { a: { summary: '', window, groupBy: ['place'] } } }),
  // @ts-expect-error an unknown key of a stream
  () => defineStream({ ...base, lateNess: '1 hour', views: { a: { summary: '', window } } }),
  // @ts-expect-error a window that is no span
  () => defineStream({ ...base, views: { a: { summary: '', window: tumbling('an hour') } } }),
  // @ts-expect-error a slide that is no span
  () => defineStream({ ...base, views: { a: { summary: '', window: sliding('1 hour', { every: 'now' }) } } }),
  // @ts-expect-error an event time that is no instant
  () => defineStream({ ...base, eventTime: 'size', views: { a: { summary: '', window } } }),
  // @ts-expect-error an event time that may be absent
  () => defineStream({ ...base, eventTime: 'revisedAt', views: { a: { summary: '', window } } }),
  // @ts-expect-error an id that may be absent
  () => defineStream({ ...base, id: ['magnitude'], views: { a: { summary: '', window } } }),
  // @ts-expect-error a key that is a real number
  () => defineStream({ ...base, key: 'depthKm', views: { a: { summary: '', window } } }),
  // @ts-expect-error a range of something else
  () => defineStream({ ...base, source: httpSource({ ...source, range: () => 'everything' }), views: { a: { summary: '', window } } }),
  // @ts-expect-error a source whose events lack a field
  () => defineStream({ ...base, source: httpSource({ ...source, toEvent: () => ({ id: 'a' }) }), views: { a: { summary: '', window } } }),
  // @ts-expect-error a source whose events have a text where a number belongs
  () => defineStream({ ...base, source: httpSource({ ...source, toEvent: () => ({ id: 'a', place: 'x', depthKm: '1', size: 1, felt: true, at: 0 }) }), views: { a: { summary: '', window } } }),
]

it('accepts the first two of these and refuses the others at compile time', () => {
  expect(refusals).toHaveLength(24)
})
