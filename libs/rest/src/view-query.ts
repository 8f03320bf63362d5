import { spanOf, type ViewDeclaration } from '@millrace/stream-kit'
import { readInstant } from './field-values.ts'
import { defaultWindows, longestRangeMs, pageLimit } from './limits.ts'
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

const known = ['from', 'to', 'limit', 'cursor'] as const
type Known = (typeof known)[number]

/** Reads `from`, `to`, `limit` and `cursor`. Throws RequestRefused with every wrong parameter at once. */
export function readViewQuery(view: Pick<ViewDeclaration, 'bucket' | 'window'>, parameters: Readonly<Record<string, unknown>>): ViewQuery {
  const wrong: WrongPart[] = []
  const refuse = (parameter: string, found: string, expected: string, cure: string): null => {
    wrong.push({ parameter, in: 'query', found, expected, cure })
    return null
  }
  const texts: Partial<Record<Known, string>> = {}
  for (const [name, value] of Object.entries(parameters)) {
    if (!isKnown(name)) refuse(name, 'not a parameter', known.join(', '), 'Leave it out.')
    else if (typeof value !== 'string') refuse(name, 'given more than once', 'one value', 'Give it once.')
    else texts[name] = value
  }
  const instant = (name: 'from' | 'to'): number | null => {
    const text = texts[name]
    if (text === undefined) return null
    const reading = readInstant(text)
    return 'value' in reading ? reading.value : refuse(name, `'${text}'`, reading.expected, reading.cure)
  }
  const from = instant('from')
  const to = instant('to')
  if (from !== null && to !== null && from >= to) refuse('from', `'${texts.from ?? ''}'`, `an instant before to, '${texts.to ?? ''}'`, 'Swap or widen them: windows that start at from or later and before to are answered.')
  if (from !== null && to !== null) wrong.push(...tooLong(view, { from, to }))

  const limit = texts.limit === undefined ? pageLimit.default : /^[1-9]\d{0,3}$/.test(texts.limit) ? Number(texts.limit) : Infinity
  if (limit > pageLimit.max) refuse('limit', `'${texts.limit ?? ''}'`, `a whole number from 1 to ${pageLimit.max}`, 'Ask for the next page with cursor.')
  if (texts.cursor === '') refuse('cursor', 'empty', 'the page.next of an answer', 'Leave it out for the first page.')
  if (wrong.length > 0) throw new RequestRefused(wrong)
  return { from, to, limit, cursor: texts.cursor ?? null }
}

const isKnown = (name: string): name is Known => (known as readonly string[]).includes(name)

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
