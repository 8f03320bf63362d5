import type { StreamDeclaration } from '@millrace/stream-kit'
import { problem } from '../spark-bridge.problems.ts'

/** Epoch milliseconds; the end is outside. */
export interface Range {
  readonly from: number
  readonly to: number
}

export interface RangeQuestion {
  readonly stream: Pick<StreamDeclaration, 'name' | 'retentionMs' | 'views'>
  readonly asked: Partial<Range>
  /** Of the generation that is served; null while nothing is final. */
  readonly finalUntil: number | null
  /** Before it, the served generation may lack events. */
  readonly floor: number | null
}

/** More windows than this are not compared at once: the streams need Spark and Cassandra, too. */
export const mostWindows = 500_000

const usualMs = 24 * 3_600_000

/** The range that a recount is about. Throws a problem for one that cannot be recounted. */
export function recountRange({ stream, asked, finalUntil, floor }: RangeQuestion): Range {
  const { retentionMs, views } = stream
  if (finalUntil === null) throw problem('nothing_final', { detail: 'No window of the stream is final yet: a window is when events have come that are later than its end by the lateness.' })
  const to = asked.to ?? finalUntil
  if (to > finalUntil) {
    throw problem('range_not_final', {
      detail: `Windows are final up to ${iso(finalUntil)}, the range ends at ${iso(to)}. Ask for an earlier end, leave it out, or wait.`,
      members: { finalUntil: iso(finalUntil) },
    })
  }
  const from = asked.from ?? Math.max(to - Math.min(usualMs, retentionMs), floor ?? -Infinity)
  if (asked.from === undefined && from >= to) throw problem('nothing_final', { detail: `The events before ${iso(from)} are not all there any more, and nothing after it is final yet.` })
  if (from >= to) throw problem('range_empty', { detail: `The range begins at ${iso(from)} and ends at ${iso(to)}. Let it begin before it ends.` })
  if (to - from > retentionMs) throw problem('range_too_long', { detail: `The range has ${(to - from) / 1_000} seconds; events are kept for ${retentionMs / 1_000}. Ask for a shorter range.` })
  const least = views.reduce((sum, { window }) => sum + Math.floor((to - from) / window.slideMs), 0)
  if (least > mostWindows) throw problem('range_too_large', { detail: `The range has at least ${least} windows, a recount compares up to ${mostWindows}. Ask for a shorter range.` })
  return { from, to }
}

const iso = (ms: number): string => new Date(ms).toISOString()
