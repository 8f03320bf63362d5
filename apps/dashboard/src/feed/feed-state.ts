import type { Problem } from '../api/problem.ts'

/**
 * How the feed stands. `since` is when that began, by the page's clock.
 *
 * - `connecting`: asked for, nothing has come yet
 * - `live`: open, and rows come when they change
 * - `away`: open, and query-api says that it cannot read the store
 * - `reconnecting`: broken off; the browser asks again by itself and continues where it was
 * - `refused`: query-api does not begin the feed; it is asked again at `retryAt`
 * - `resting`: closed because nobody looks
 */
export type FeedState =
  | { readonly is: 'connecting' | 'live' | 'reconnecting' | 'resting'; readonly since: number }
  | { readonly is: 'away'; readonly since: number; readonly problem: Problem }
  | { readonly is: 'refused'; readonly since: number; readonly problem: Problem; readonly retryAt: number }
