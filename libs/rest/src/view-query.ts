import { spanOf, type ViewDeclaration } from '@millrace/stream-kit'
import { defaultWindows, longestRangeMs, pageLimit } from './limits.ts'
import { QueryTexts } from './query-texts.ts'
import { RequestRefused, type WrongPart } from './rest.errors.ts'

/** The query of a view as it was asked, checked but without defaults. Instants are epoch milliseconds. */
export interface ViewQuery {
  readonly from: number | null
  readonly to: number | null
  readonly limit: number
  readonly cursor: string | null
}

/** The windows of a query: `from` ≤ window start < `to`. */
export interface TimeRange {
  readonly from: number
  readonly to: number
}

/** Reads `from`, `to`, `limit` and `cursor`. Throws RequestRefused with every wrong parameter at once. */
export function readViewQuery(view: Pick<ViewDeclaration, 'bucket' | 'window'>, parameters: Readonly<Record<string, unknown>>): ViewQuery {
  const query = new QueryTexts(parameters, ['from', 'to', 'limit', 'cursor'])
  const { from, to } = query.range('from', 'to', 'windows that start')
  if (from !== null && to !== null) query.wrong.push(...tooLong(view, { from, to }))
  const asked = query.text('limit')
  const limit = asked === undefined ? pageLimit.default : /^[1-9]\d{0,3}$/.test(asked) ? Number(asked) : Infinity
  if (limit > pageLimit.max) query.refuse('limit', `'${asked ?? ''}'`, `a whole number from 1 to ${pageLimit.max}`, 'Ask for the next page with cursor.')
  const cursor = query.cursor('cursor')
  query.check()
  return { from, to, limit, cursor }
}

/**
 * Completes the range: `to` is just after the stream's highest event time, `from` 24 windows before `to`. Null where
 * the stream has no event yet and the query does not say where to look.
 */
export function timeRange(view: Pick<ViewDeclaration, 'bucket' | 'window'>, { from, to }: Pick<ViewQuery, 'from' | 'to'>, highestEventTime: number | null): TimeRange | null {
  const back = defaultWindows * view.window.slideMs
  const end = to ?? (highestEventTime === null ? null : highestEventTime + 1)
  if (end === null) return null
  const range = { from: from ?? end - back, to: end }
  const wrong = tooLong(view, range)
  if (wrong.length > 0) throw new RequestRefused(wrong)
  return range
}

function tooLong(view: Pick<ViewDeclaration, 'bucket' | 'window'>, { from, to }: TimeRange): WrongPart[] {
  const longest = longestRangeMs(view)
  if (to - from <= longest) return []
  const shown = (ms: number): string => new Date(ms).toISOString()
  return [{ parameter: 'from', in: 'query', found: `more than ${spanOf(longest)} before to (${shown(from)} to ${shown(to)})`, expected: `at most ${spanOf(longest)} in one query`, cure: 'Ask for a shorter range, and for the rest in further queries.' }]
}
