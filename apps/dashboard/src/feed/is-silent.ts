import type { Progress } from './feed-events.ts'
import type { FeedState } from './feed-state.ts'

/** A feed tells each step of `finalUntil` within a second or two; a browser does not notice a connection that is only half there. */
const patienceMs = 20_000

interface Heard {
  readonly feed: FeedState
  readonly progress: Progress | null
  /** When anything last came. */
  readonly heardAt: number | null
}

/** Whether a feed that believes to be live has long missed what the polls know, so that it must be opened anew. */
export function isSilent({ feed, progress, heardAt }: Heard, { finalUntil, now }: { readonly finalUntil: number | null; readonly now: number }): boolean {
  if (feed.is !== 'live' || finalUntil === null || finalUntil <= (progress?.finalUntil ?? -Infinity)) return false
  return now - Math.max(feed.since, heardAt ?? -Infinity) > patienceMs
}
