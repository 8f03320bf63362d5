import { describe, expect, it } from '@jest/globals'
import { bucketOf, bucketsBetween } from './time-bucket.ts'

const day = { bucket: 'day' } as const
const hour = { bucket: 'hour' } as const
const at = (iso: string) => Date.parse(iso)
const buckets = (view: typeof day | typeof hour, from: string, to: string) => [...bucketsBetween(view, at(from), at(to))].map(({ bucket }) => bucket)

describe('a bucket', () => {
  it('is the day or the hour in UTC that a window starts in, before 1970 too', () => {
    expect(bucketOf(day, at('2018-02-01T23:59:59.999Z'))).toBe('2018-02-01')
    expect(bucketOf(day, at('1969-12-31T23:00:00Z'))).toBe('1969-12-31')
    expect(bucketOf(hour, at('2018-02-01T23:59:59.999Z'))).toBe(at('2018-02-01T23:00:00Z'))
    expect(bucketOf(hour, at('1969-12-31T23:30:00Z'))).toBe(at('1969-12-31T23:00:00Z'))
  })

  it('is read newest first, from the one before the end to the one of the start', () => {
    expect(buckets(day, '2018-02-01T12:00:00Z', '2018-02-03T00:00:00Z')).toEqual(['2018-02-02', '2018-02-01'])
    expect(buckets(day, '2018-02-01T00:00:00Z', '2018-02-03T00:00:00.001Z')).toEqual(['2018-02-03', '2018-02-02', '2018-02-01'])
    expect(buckets(hour, '2018-02-01T22:59:00Z', '2018-02-02T00:30:00Z').map((ms) => new Date(ms).toISOString().slice(11, 13))).toEqual(['00', '23', '22'])
  })

  it('is not read for an empty span', () => {
    expect(buckets(day, '2018-02-01T00:00:00Z', '2018-02-01T00:00:00Z')).toEqual([])
  })
})
