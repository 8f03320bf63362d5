import type { Problem } from '../api/problem.ts'
import type { FeedState } from '../feed/feed-state.ts'
import { durationText } from '../format/duration-text.ts'
import { timeText } from '../format/instant-text.ts'
import type { Polled } from '../poll/poll-loop.ts'

/** How the page is connected, in a word and a sentence. */
export interface Connection {
  readonly tone: 'good' | 'slow' | 'bad' | 'idle'
  readonly word: string
  readonly sentence: string
  readonly problem: Problem | null
}

/** query-api ends a feed every quarter of an hour, and browsers take it up within a second or two: that is no trouble. */
const graceMs = 3_000

interface Asked {
  /** Null while no view is shown. */
  readonly feed: FeedState | null
  readonly polled: Pick<Polled<unknown>, 'at' | 'problem' | 'failingSince'>
  readonly now: number
}

/** The worst of what is known of the feed and of the polls: a page that is half connected does not call itself live. */
export function connectionOf({ feed, polled: { at, problem, failingSince }, now }: Asked): Connection {
  if (problem?.status === null) return { tone: 'bad', word: `no answer since ${timeText(failingSince ?? now)}`, sentence: 'query-api does not answer. What is shown is what was last known.', problem }
  if (problem?.status === 503) return { tone: 'bad', word: `store away since ${timeText(failingSince ?? now)}`, sentence: 'query-api answers, and cannot read the store. What is shown is what was last known.', problem }
  if (problem) return { tone: 'bad', word: `refused since ${timeText(failingSince ?? now)}`, sentence: 'query-api refuses what the page asks for.', problem }
  const isLive = feed !== null && (feed.is === 'live' || (feed.is === 'reconnecting' && now - feed.since <= graceMs))
  if (isLive && at !== null) return { tone: 'good', word: 'live', sentence: 'Rows come as they change.', problem: null }
  switch (feed?.is) {
    case 'resting': return { tone: 'idle', word: 'resting', sentence: 'The feed was closed because nobody looked.', problem: null }
    case 'away': return { tone: 'bad', word: `store away since ${timeText(feed.since)}`, sentence: 'The feed is open, and query-api cannot read the store. It goes on by itself.', problem: feed.problem }
    case 'refused': return { tone: 'bad', word: 'feed refused', sentence: `The live feed was refused. It is asked for again ${feed.retryAt > now ? `in ${durationText(feed.retryAt - now)}` : 'now'}.`, problem: feed.problem }
    case 'reconnecting': return { tone: 'slow', word: `reconnecting since ${timeText(feed.since)}`, sentence: 'The live feed broke off, and is being taken up where it was.', problem: null }
  }
  return { tone: 'idle', word: 'connecting', sentence: 'Nothing has come yet.', problem: null }
}

/** What stands beside figures that are old; null while they are as new as they should be. */
export function staleText({ at, problem }: Pick<Polled<unknown>, 'at' | 'problem'>, { now, everyMs }: { readonly now: number; readonly everyMs: number }): string | null {
  if (at === null) return null
  const age = now - at
  return age > everyMs * 3 + 4_000 || (problem !== null && age > everyMs + 2_000) ? `as of ${timeText(at)}, ${durationText(age)} old` : null
}
