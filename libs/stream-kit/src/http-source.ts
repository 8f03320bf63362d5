import type { Span } from './span.ts'

/** Where a source was read up to: named positions, each an ISO 8601 instant or a sequence number. Stored as JSON. */
export type Cursor = Readonly<Record<string, string | number>>

/** What to ask the source for: query parameters of a GET. */
export interface SourceRequest {
  readonly query: Readonly<Record<string, string | number>>
  readonly headers?: Readonly<Record<string, string>>
}

/** A past span of event times to be read again: `from` is inclusive, `to` exclusive, both ISO 8601 in UTC with milliseconds. */
export interface SourceRange {
  readonly from: string
  readonly to: string
  /** Counted from 0. */
  readonly page: number
  readonly pageSize: number
}

export interface HttpSourceSpec<B, I, C extends Cursor, V> {
  /** `MILLRACE_SOURCE_<STREAM>_URL` replaces it; its host must be among `MILLRACE_SOURCE_HOSTS`. */
  readonly url: string
  /** Where the very first run begins. */
  readonly start: C
  /**
   * How far a run begins before the end of the last one: a span for instants, a number for sequence numbers.
   * Records read twice are recognised as repeated.
   */
  readonly overlap: Span | number
  /** Records a page; a page with fewer is the last of its run. */
  readonly pageSize: number
  /** The longest that one page may take, body included. */
  readonly timeout: Span
  /**
   * `ascending` promises that pages come in ascending event time to within the lateness, so that a page is published
   * when it has been read. Without it the pages of a run are collected and sorted first.
   */
  readonly order?: 'ascending' | 'any'
  readonly request: (position: { readonly cursor: C; readonly page: number; readonly pageSize: number }) => SourceRequest
  /**
   * What to ask for to read a past range of event times again, for backfills; without it the stream has none. Pages are
   * asked for until one has fewer records than `pageSize`. Records outside the range may come with them: they are left
   * alone.
   */
  readonly range?: (range: SourceRange) => SourceRequest
  /** The records of a page, as the source wrote them. */
  readonly items: (body: B) => readonly I[]
  /** The cursor after these records: the greatest position seen, never behind the one given. */
  readonly advance: (cursor: C, items: readonly I[]) => C
  readonly toEvent: (item: I) => V
}

/** An HTTP source as ingestion reads it: what comes from outside is `unknown` until the schema has judged it. */
export interface HttpSource<V = unknown> {
  readonly kind: 'http'
  readonly url: string
  readonly start: Cursor
  readonly overlap: Span | number
  readonly pageSize: number
  readonly timeout: Span
  readonly order: 'ascending' | 'any'
  readonly request: (position: { readonly cursor: Cursor; readonly page: number; readonly pageSize: number }) => SourceRequest
  readonly range?: (range: SourceRange) => SourceRequest
  readonly items: (body: unknown) => readonly unknown[]
  readonly advance: (cursor: Cursor, items: readonly unknown[]) => Cursor
  readonly toEvent: (item: unknown) => V
}

/** Declares how an HTTP API is paged and how its records become events. The functions must be pure: they run again after a crash. */
export function httpSource<B, I, C extends Cursor, V>(spec: HttpSourceSpec<B, I, C, V>): HttpSource<V> {
  const erased = spec as unknown as Omit<HttpSource<V>, 'kind' | 'order'>
  return { ...erased, kind: 'http', order: spec.order ?? 'any' }
}
