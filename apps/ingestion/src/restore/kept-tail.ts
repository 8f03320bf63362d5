import type { KeptPage, StreamState } from '@millrace/cassandra'

/** The pages that are kept without a gap up to now, oldest first, and what is missing before them. */
export interface KeptTail {
  readonly pages: readonly KeptPage[]
  readonly events: number
  readonly missing: number
  /** Windows that start before this instant may have events that are missing; null: none is. */
  readonly floor: number | null
}

/**
 * A page belongs to the tail when the events published before the next one are those before it and its own: so the books
 * themselves show whether one between them is gone. Every event that is missing was published before the oldest page, and
 * is not later than the latest event of then.
 */
export function keptTail(kept: readonly KeptPage[], { totals: { published }, highest }: Pick<StreamState, 'totals' | 'highest'>): KeptTail {
  let missing = published
  let first = kept.length
  while (missing > 0) {
    const page = kept[first - 1]
    if (!page || page.published + page.events !== missing) break
    missing = page.published
    first -= 1
  }
  const oldest = kept[first]
  const last = oldest ? oldest.highest : highest
  return { pages: kept.slice(first), events: published - missing, missing, floor: missing === 0 ? null : (last ?? 0) + 1 }
}
