import { letterReasons, type StreamDeclaration } from '@millrace/stream-kit'
import { readInstant, readValue, type FieldValue } from '../field-values.ts'
import { QueryTexts, versionText } from '../query-texts.ts'
import type { TimeRange } from '../view-query.ts'

/** A window whose late events are asked for. */
export interface AskedWindow {
  readonly view: string
  /** Values of the view's group fields, in their order. */
  readonly group: readonly FieldValue[]
  readonly start: number
  readonly end: number
}

/** A query of late events as it was asked. Instants are epoch milliseconds. */
export interface LateQuery {
  readonly from: number | null
  readonly to: number | null
  readonly reason: string | null
  /** Its `from` and `to` are those of the query. */
  readonly window: AskedWindow | null
  /** By which view letters are counted. */
  readonly view: string | null
  readonly limit: number
  readonly cursor: string | null
}

export const deadStates = ['open', 'redriven', 'all'] as const
export type DeadState = (typeof deadStates)[number]

/** A query of dead letters as it was asked. Instants are those of their arrival. */
export interface DeadQuery {
  readonly from: number | null
  readonly to: number | null
  readonly reason: string | null
  readonly state: DeadState
  readonly limit: number
  readonly cursor: string | null
}

/** Letters a page: they may hold up to 256 KiB each. */
export const letterLimit = { default: 50, max: 200 } as const

type Parameters = Readonly<Record<string, unknown>>
type Views = Pick<StreamDeclaration, 'views' | 'event'>

/** The version that a query asks for, before its stream is known; what is wrong with it is said by the reading of the whole query. */
export const versionIn = ({ version }: Parameters): number | undefined => (typeof version === 'string' && versionText.test(version) ? Number(version) : undefined)

/** Reads the query of a list of late events. Throws RequestRefused with every wrong parameter at once. */
export function readLateQuery(stream: Views, parameters: Parameters): LateQuery {
  const query = new QueryTexts(parameters, ['from', 'to', 'reason', 'view', 'group', 'start', 'version', 'limit', 'cursor'])
  const range = query.range('from', 'to', 'events')
  const window = windowIn(query, stream)
  if (window && (range.from !== null || range.to !== null)) query.refuse('start', 'given together with from or to', 'either a window or a range', 'Leave from and to out: the window is the range.')
  const read: LateQuery = { from: window?.start ?? range.from, to: window?.end ?? range.to, reason: reasonIn(query, 'late'), window, view: null, limit: limitIn(query), cursor: query.cursor('cursor') }
  checked(query)
  return read
}

/** Reads the query of counts of late events. */
export function readLateCountsQuery(stream: Views, parameters: Parameters): LateQuery {
  const query = new QueryTexts(parameters, ['from', 'to', 'view', 'version', 'cursor'])
  const view = query.text('view') ?? null
  if (view !== null) viewIn(query, stream, view)
  const read: LateQuery = { ...query.range('from', 'to', 'events'), reason: null, window: null, view, limit: letterLimit.max, cursor: query.cursor('cursor') }
  checked(query)
  return read
}

/** Reads the query of a list of dead letters. */
export function readDeadQuery(parameters: Parameters): DeadQuery {
  const query = new QueryTexts(parameters, ['from', 'to', 'reason', 'state', 'version', 'limit', 'cursor'])
  const state = deadStates.find((known) => known === (query.text('state') ?? 'open')) ?? query.refuse('state', `'${query.text('state') ?? ''}'`, deadStates.join(', '), 'Leave it out for those that are open.')
  const read = { ...query.range('from', 'to', 'letters that arrived'), reason: reasonIn(query, 'dead-letters'), state: state ?? 'open', limit: limitIn(query), cursor: query.cursor('cursor') }
  checked(query)
  return read
}

/** Reads the query of counts of dead letters. */
export function readDeadCountsQuery(parameters: Parameters): DeadQuery {
  const query = new QueryTexts(parameters, ['from', 'to', 'version', 'cursor'])
  const read: DeadQuery = { ...query.range('from', 'to', 'letters that arrived'), reason: null, state: 'all', limit: letterLimit.max, cursor: query.cursor('cursor') }
  checked(query)
  return read
}

/** Reads the query of one letter, which has no parameter but the version. */
export function readOneQuery(parameters: Parameters): void {
  checked(new QueryTexts(parameters, ['version']))
}

const dayMs = 86_400_000
const mostDays = 366
const defaultDays = 7
const longestMs = mostDays * dayMs

/** Completes a range: a week up to `end`. */
export const letterRange = ({ from, to }: { readonly from: number | null; readonly to: number | null }, end: number): TimeRange => {
  const last = to ?? Math.max(end, (from ?? end - 1) + 1)
  return { from: from ?? last - defaultDays * dayMs, to: last }
}

function checked(query: QueryTexts<'version' | 'from' | 'to'>): void {
  query.version('version')
  const [from, to] = [query.text('from'), query.text('to')].map((text) => (text === undefined ? null : readInstant(text)))
  if (from && to && 'value' in from && 'value' in to && to.value - from.value > longestMs) query.refuse('from', `more than ${mostDays} days before to`, `at most ${mostDays} days in one query`, 'Ask for a shorter range, and for the rest in further queries.')
  query.check()
}

function limitIn(query: QueryTexts<'limit'>): number {
  const asked = query.text('limit')
  const limit = asked === undefined ? letterLimit.default : /^[1-9]\d{0,2}$/.test(asked) ? Number(asked) : Infinity
  if (limit > letterLimit.max) query.refuse('limit', `'${asked ?? ''}'`, `a whole number from 1 to ${letterLimit.max}`, 'Ask for the next page with cursor.')
  return limit
}

function reasonIn(query: QueryTexts<'reason'>, store: 'late' | 'dead-letters'): string | null {
  const reason = query.text('reason')
  if (reason === undefined) return null
  const known = Object.entries(letterReasons).flatMap(([code, of]) => (of.store === store ? [code] : []))
  return known.includes(reason) ? reason : query.refuse('reason', `'${reason}'`, known.join(', '), 'Leave it out for every reason.')
}

function viewIn(query: QueryTexts<'view'>, { views }: Views, name: string) {
  const view = views.find((one) => one.name === name)
  if (!view) query.refuse('view', `'${name}'`, views.map((one) => one.name).join(', '), 'Name a view of the stream.')
  return view
}

function windowIn(query: QueryTexts<'view' | 'group' | 'start'>, stream: Views): AskedWindow | null {
  const [name, start] = [query.text('view'), query.instant('start')]
  if (name === undefined && query.text('start') === undefined && query.text('group') === undefined) return null
  if (name === undefined) return query.refuse('view', 'missing', 'the view whose window is meant', 'Send view, start and group together.')
  const view = viewIn(query, stream, name)
  if (!view) return null
  if (query.text('start') === undefined) return query.refuse('start', 'missing', 'the first instant of the window', 'Send view, start and group together.')
  if (start === null) return null
  const { sizeMs, slideMs } = view.window
  if (((start % slideMs) + slideMs) % slideMs !== 0) return query.refuse('start', `'${query.text('start') ?? ''}'`, `the start of a window of ${name}: a multiple of ${slideMs} ms`, 'Take windowStart of a row.')
  const group = groupIn(query, view.by.map((field) => ({ field, spec: stream.event[field] })))
  return group && { view: name, group, start, end: start + sizeMs }
}

type Fields = readonly { readonly field: string; readonly spec: StreamDeclaration['event'][string] | undefined }[]

function groupIn(query: QueryTexts<'group'>, fields: Fields): FieldValue[] | null {
  const text = query.text('group') ?? '[]'
  const expected = `a JSON list of ${fields.length} values: ${fields.map(({ field }) => field).join(', ') || 'none'}`
  const cure = `Write it like ${JSON.stringify(fields.map(({ field }) => field))}, encoded.`
  const wrong = (found: string) => query.refuse('group', found, expected, cure)
  let values: unknown
  try {
    values = JSON.parse(text)
  } catch {
    return wrong(`'${text}'`)
  }
  if (!Array.isArray(values) || values.length !== fields.length) return wrong(`'${text}'`)
  const group: FieldValue[] = []
  for (const [at, { field, spec }] of fields.entries()) {
    const reading = spec && readValue(String(values[at]), spec)
    if (!reading || !('value' in reading)) return wrong(`'${String(values[at])}' for ${field}`)
    group.push(reading.value)
  }
  return group
}
