import { describe, expect, it } from '@jest/globals'
import { ledgerBucketMs as bucketMs } from '@millrace/stream-kit'
import { judgeBucket, type LedgerBucket } from './judge-bucket.ts'

const start = Date.parse('2018-02-01T00:00:00Z')
const counts = { fetched: 20, fresh: 14, repeated: 5, rejected: 1, published: 12, late: 2 }
const whole: LedgerBucket = { start, counts, included: 0, aggregated: 12, views: { 'per-hour': 12, 'per-minute': 12 }, isAged: false }
const closed = { finalUntil: start + bucketMs, horizon: start }
const judged = (change: Partial<LedgerBucket>) => judgeBucket({ ...whole, ...change }, closed)

describe('a closed bucket', () => {
  it('is balanced when every equation holds', () => {
    expect(judged({})).toEqual({ state: 'balanced', differences: [] })
  })

  it.each<[string, Partial<LedgerBucket>, number, number]>([
    ['fetched = fresh + repeated + rejected', { counts: { ...counts, rejected: 0 } }, 20, 19],
    ['fresh = published + late', { counts: { ...counts, late: 1 } }, 14, 13],
    ['aggregated = Σ per-minute', { views: { 'per-hour': 12, 'per-minute': 13 } }, 12, 13],
    ['aggregated = Σ per-hour', { views: { 'per-hour': 0 } }, 12, 0],
  ])('says that %s does not hold, and what its sides are', (equation, change, left, right) => {
    expect(judged(change)).toEqual({ state: 'unbalanced', differences: [{ equation, left, right }] })
  })

  it('says every equation that does not hold', () => {
    expect(judged({ aggregated: 11 }).differences).toEqual([
      { equation: 'published = aggregated', left: 12, right: 11 },
      { equation: 'aggregated = Σ per-hour', left: 11, right: 12 },
      { equation: 'aggregated = Σ per-minute', left: 11, right: 12 },
    ])
  })

  it('has lost what was published when there is no row, and lost nothing when nothing was', () => {
    expect(judged({ aggregated: null, views: {} })).toEqual({ state: 'unbalanced', differences: [{ equation: 'published = aggregated', left: 12, right: 0 }] })
    expect(judged({ counts: { ...counts, fresh: 2, fetched: 8, published: 0 }, aggregated: null, views: { 'per-hour': 0 } }).state).toBe('balanced')
  })

  it('counts late events that were included with the published ones, and they stay late in the books', () => {
    expect(judged({ included: 1, aggregated: 13, views: { 'per-hour': 13 } })).toEqual({ state: 'balanced', differences: [] })
    expect(judged({ included: 1, views: {} }).differences).toEqual([{ equation: 'published + included = aggregated', left: 13, right: 12 }])
  })

  it('is unbalanced by rows that no book knows', () => {
    expect(judged({ counts: { fetched: 0, fresh: 0, repeated: 0, rejected: 0, published: 0, late: 0 } }).differences).toEqual([{ equation: 'published = aggregated', left: 0, right: 12 }])
  })

  it('is not asked for views that its generation does not know', () => {
    expect(judged({ views: {} }).state).toBe('balanced')
  })
})

describe('a bucket', () => {
  const wrong: LedgerBucket = { ...whole, aggregated: 1 }
  it.each([[start + bucketMs - 1, 'open'], [start + bucketMs, 'unbalanced'], [null, 'open']])('that ends at finalUntil or before is closed: %p, %s', (finalUntil, state) => {
    expect(judgeBucket(wrong, { ...closed, finalUntil }).state).toBe(state)
  })

  it.each([[start, 'unbalanced'], [start + 1, 'expired']])('that begins before the horizon is not judged: %p, %s', (horizon, state) => {
    const { state: found, differences } = judgeBucket(wrong, { ...closed, horizon })
    expect([found, differences.length > 0]).toEqual([state, state === 'unbalanced'])
  })

  it('whose rows have reached the end of their life is not judged', () => {
    expect(judged({ isAged: true, aggregated: null })).toEqual({ state: 'expired', differences: [] })
  })

  it('of unreadable event times is judged by the books alone, at any time', () => {
    const none: LedgerBucket = { start: null, counts: { fetched: 3, fresh: 0, repeated: 1, rejected: 2, published: 0, late: 0 }, included: 0, aggregated: null, views: {}, isAged: false }
    const early = { finalUntil: null, horizon: Infinity }
    expect(judgeBucket(none, early)).toEqual({ state: 'balanced', differences: [] })
    expect(judgeBucket({ ...none, counts: { ...none.counts, rejected: 1 } }, early)).toEqual({ state: 'unbalanced', differences: [{ equation: 'fetched = fresh + repeated + rejected', left: 3, right: 2 }] })
  })
})
