import { describe, expect, it } from '@jest/globals'
import { RequestRefused } from './rest.errors.ts'
import { readings } from './readings.fixture.ts'
import { readViewQuery, timeRange } from './view-query.ts'

const [perMinute, overall] = readings.views
if (!perMinute || !overall) throw new Error('The fixture lost its views.')
const hour = 3_600_000
const start = Date.parse('2018-02-01T00:00:00Z')

const wrongIn = (parameters: Record<string, unknown>): [string, string][] => {
  try {
    readViewQuery(perMinute, parameters)
  } catch (error) {
    if (error instanceof RequestRefused) return error.parts.map(({ parameter, found }) => [parameter, found])
    throw error
  }
  return []
}

describe('a query', () => {
  it('needs no parameter', () => {
    expect(readViewQuery(perMinute, {})).toEqual({ from: null, to: null, limit: 100, cursor: null })
  })

  it('takes instants with any offset, a limit and a cursor', () => {
    expect(readViewQuery(perMinute, { from: '2018-02-01T01:00:00+01:00', to: '2018-02-01T02:00:00Z', limit: '1000', cursor: 'c' })).toEqual({ from: start, to: start + 2 * hour, limit: 1_000, cursor: 'c' })
  })

  it('lists every wrong parameter at once, with what was found', () => {
    expect(wrongIn({ from: 'yesterday', to: ['a', 'b'], limit: '0', cursor: '', fields: 'all' })).toEqual([
      ['to', 'given more than once'],
      ['fields', 'not a parameter'],
      ['from', "'yesterday'"],
      ['limit', "'0'"],
      ['cursor', 'empty'],
    ])
  })

  it.each(['0', '1001', '-1', '1.5', '1e2', '', ' 5', '05', 'all'])("refuses the limit '%s'", (limit) => {
    expect(wrongIn({ limit })).toEqual([['limit', `'${limit}'`]])
  })

  it.each([['2018-02-01T00:00:00Z', '2018-02-01T00:00:00Z'], ['2018-02-02T00:00:00Z', '2018-02-01T00:00:00Z']])('refuses a range from %s to %s', (from, to) => {
    expect(wrongIn({ from, to })).toEqual([['from', `'${from}'`]])
  })

  it('reads at most 64 partitions: 64 hours of this view, not a millisecond more', () => {
    expect(wrongIn({ from: '2018-02-01T00:00:00Z', to: '2018-02-03T16:00:00.000Z' })).toEqual([])
    expect(wrongIn({ from: '2018-02-01T00:00:00Z', to: '2018-02-03T16:00:00.001Z' })).toEqual([['from', expect.stringContaining('more than 64 hours before to')]])
  })
})

describe('the range', () => {
  it('ends just after the highest event time and begins 24 windows before, so exactly 24 windows start in it', () => {
    const range = timeRange(perMinute, { from: null, to: null }, start)
    expect(range).toEqual({ from: start + 1 - 24 * 60_000, to: start + 1 })
    const starts = Array.from({ length: 100 }, (_, index) => start + (50 - index) * 60_000).filter((at) => range !== null && at >= range.from && at < range.to)
    expect(starts).toHaveLength(24)
    expect(starts[0]).toBe(start)
  })

  it('counts a sliding view in slides', () => {
    expect(timeRange(overall, { from: null, to: start }, null)).toEqual({ from: start - 24 * 60_000, to: start })
  })

  it('is unknown while the stream has no event', () => {
    expect(timeRange(perMinute, { from: start, to: null }, null)).toBeNull()
    expect(timeRange(perMinute, { from: null, to: start }, null)).not.toBeNull()
  })

  it('is refused when the default end makes it too long', () => {
    expect(() => timeRange(perMinute, { from: start - 65 * hour, to: null }, start)).toThrow(RequestRefused)
  })
})
