import { describe, expect, it } from '@jest/globals'
import { problemOf, unreachable } from '../api/problem.ts'
import type { FeedState } from '../feed/feed-state.ts'
import { connectionOf, staleText } from './connection-words.ts'

const now = Date.parse('2026-11-22T19:23:40Z')
const since = now - 4_000
const fine = { at: now, problem: null, failingSince: null }
const slow = problemOf({ code: 'store_slow', title: 'Not possible just now', detail: '', status: 503 })
const wordOf = (feed: FeedState | null, polled: Parameters<typeof connectionOf>[0]['polled'] = fine) => connectionOf({ feed, polled, now }).word

describe('the connection', () => {
  it('is live only when the feed is open and the polls are answered', () => {
    expect([wordOf({ is: 'live', since }), wordOf({ is: 'live', since }, { ...fine, at: null }), wordOf({ is: 'connecting', since }), wordOf(null)]).toEqual(['live', 'connecting', 'connecting', 'connecting'])
  })

  it('says since when the feed is broken off, and that nobody looked', () => {
    expect([wordOf({ is: 'reconnecting', since }), wordOf({ is: 'resting', since })]).toEqual(['reconnecting since 19:23:36', 'resting'])
  })

  it('is live while a feed that has ended is taken up again at once', () => {
    expect(wordOf({ is: 'reconnecting', since: now - 2_000 })).toBe('live')
  })

  it('says since when the store is away, from the feed or from the polls', () => {
    expect([wordOf({ is: 'away', since, problem: slow }), wordOf({ is: 'live', since }, { ...fine, problem: slow, failingSince: since })]).toEqual(['store away since 19:23:36', 'store away since 19:23:36'])
  })

  it('is not live while query-api does not answer, whatever the feed believes', () => {
    expect(connectionOf({ feed: { is: 'live', since }, polled: { ...fine, problem: unreachable, failingSince: since }, now })).toMatchObject({ tone: 'bad', word: 'no answer since 19:23:36', problem: unreachable })
  })

  it('says when a refused feed is asked for again', () => {
    expect(connectionOf({ feed: { is: 'refused', since, problem: slow, retryAt: now + 3_000 }, polled: fine, now })).toMatchObject({ word: 'feed refused', sentence: expect.stringMatching(/again in 3.0 s/), problem: slow })
  })
})

describe('a figure', () => {
  const stale = (agoMs: number, problem = false) => staleText({ at: now - agoMs, problem: problem ? slow : null }, { now, everyMs: 2_000 })

  it('is marked as old when the next look is long overdue', () => {
    expect([stale(2_000), stale(10_000), stale(12_000)]).toEqual([null, null, 'as of 19:23:28, 12 s old'])
  })

  it('is marked sooner when it is known that the next look failed', () => {
    expect([stale(3_000, true), stale(5_000, true)]).toEqual([null, 'as of 19:23:35, 5.0 s old'])
  })

  it('that never came is not old', () => {
    expect(staleText({ at: null, problem: slow }, { now, everyMs: 2_000 })).toBeNull()
  })
})
