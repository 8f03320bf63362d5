import type { ViewDeclaration } from '@millrace/stream-kit'
import { defaultWindows, longestRangeMs } from '../limits.ts'
import { QueryTexts } from '../query-texts.ts'
import type { TimeRange } from '../view-query.ts'

/** The query of a live feed, checked: windows that start at `from` or later, in epoch milliseconds; null: the usual. */
export interface LiveQuery {
  readonly from: number | null
}

/** Reads `from`, and `version` where it is written well. Throws RequestRefused with every wrong parameter at once. */
export function readLiveQuery(parameters: Readonly<Record<string, unknown>>): LiveQuery {
  const query = new QueryTexts(parameters, ['from', 'version'])
  const from = query.instant('from')
  query.version('version')
  query.check()
  return { from }
}

type View = Pick<ViewDeclaration, 'bucket' | 'window'>

const endAfter = (highestEventTime: number): number => highestEventTime + 1

/** No feed reaches further back than one query may. */
const within = (view: View, range: TimeRange): TimeRange => ({ ...range, from: Math.min(range.to, Math.max(range.from, range.to - longestRangeMs(view))) })

/** What a feed begins with: the windows from `from` on, or the last 24. */
export function firstRange(view: View, { from }: LiveQuery, highestEventTime: number): TimeRange {
  const to = endAfter(highestEventTime)
  return within(view, { from: from ?? to - defaultWindows * view.window.slideMs, to })
}

/**
 * The windows that may have changed since those that ended at or before `finalUntil` were final: they end after it. Where
 * nothing is final yet, the last 24.
 */
export function openRange(view: View, finalUntil: number | null, highestEventTime: number): TimeRange {
  if (finalUntil === null) return firstRange(view, { from: null }, highestEventTime)
  return within(view, { from: finalUntil - view.window.sizeMs + 1, to: endAfter(highestEventTime) })
}
