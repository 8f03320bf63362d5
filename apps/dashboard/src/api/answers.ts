/** What query-api answers, as its OpenAPI document has it: `answers.spec.ts` holds the two against each other. */

/** The next offset, by partition. */
export type Offsets = Readonly<Record<string, number>>

export interface Counts {
  readonly fetched: number
  readonly fresh: number
  readonly repeated: number
  readonly rejected: number
  readonly late: number
  readonly published: number
}

export interface MeasureAnswer {
  readonly name: string
  readonly kind: 'text' | 'uuid' | 'int' | 'real' | 'bool' | 'instant'
  readonly isOptional: boolean
}

export interface ViewAnswer {
  readonly name: string
  readonly summary: string
  /** Begins with a slash. */
  readonly path: string
  /** Size and slide are spans: `10 seconds`. */
  readonly window: { readonly kind: 'tumbling' | 'sliding'; readonly size: string; readonly slide: string }
  readonly by: readonly string[]
  readonly measures: readonly MeasureAnswer[]
}

export interface StreamAnswer {
  readonly name: string
  readonly version: number
  readonly summary: string
  readonly paused: boolean
  readonly highestEventTime: string | null
  readonly watermark: string | null
  readonly finalUntil: string | null
  readonly generation: number | null
  readonly counts: Counts
  readonly offsets: { readonly published: Offsets; readonly stored: Offsets }
  readonly lag: Offsets
  readonly freshness: { readonly storedAt: string | null; readonly behindMs: number | null }
  readonly views: readonly ViewAnswer[]
}

/** A value of a group field or of a measure. */
export type Value = string | number | boolean | null

/** A row of a view: group fields, windowStart, windowEnd, events, measures, final. */
export type RowAnswer = Readonly<Record<string, Value>>

export type HourState = 'open' | 'balanced' | 'unbalanced' | 'expired'

export interface HourAnswer extends Counts {
  /** The first instant of the hour, or `none` for records whose event time cannot be read. */
  readonly bucket: string
  readonly state: HourState
  readonly included: number
  readonly aggregated: number | null
  readonly views: Readonly<Record<string, number>>
  readonly differences: readonly { readonly equation: string; readonly left: number; readonly right: number }[]
}

export interface LedgerAnswer {
  readonly stream: string
  readonly version: number
  readonly generation: number | null
  readonly finalUntil: string | null
  readonly summary: Readonly<Record<HourState, number>>
  /** Oldest first; the records without an event time last. */
  readonly data: readonly HourAnswer[]
  readonly page: { readonly next: string | null }
}
