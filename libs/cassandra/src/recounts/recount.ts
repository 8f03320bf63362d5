type Value = string | number | boolean | null

/** Several recounts wait; one runs. */
export type RecountState = 'queued' | 'running' | 'succeeded' | 'failed' | 'abandoned'

/** `equal + different + missing + extra = compared`. */
export interface RecountFigures {
  /** Found by the recount. */
  readonly windows: number
  /** Found by the recount or stored, without those whose rows may have expired. */
  readonly compared: number
  readonly equal: number
  readonly different: number
  /** Counted, and not stored. */
  readonly missing: number
  /** Stored, and not counted. */
  readonly extra: number
}

/** A window that is stored otherwise than it is counted. Values are named as declared; instants are ISO 8601. */
export interface RecountDifference {
  readonly view: string
  readonly group: Readonly<Record<string, Value>>
  readonly windowStart: string
  readonly windowEnd: string
  readonly kind: 'different' | 'missing' | 'extra'
  /** Where the row is wrong. A view without groups has one table, counted as the one by group. */
  readonly table: 'by-group' | 'by-time' | 'both'
  readonly stored: Readonly<Record<string, Value>> | null
  readonly recounted: Readonly<Record<string, Value>> | null
}

/** A recount of a stream's windows over a closed range. Instants are epoch milliseconds. */
export interface Recount {
  readonly id: string
  readonly stream: string
  readonly version: number
  /** The served generation that is compared. */
  readonly generation: number
  readonly state: RecountState
  readonly verdict: 'equal' | 'different' | null
  readonly from: number
  readonly to: number
  /** By partition: the next offset after the last event that was counted. */
  readonly offsets: Readonly<Record<string, number>>
  readonly figures: RecountFigures
  /** The first ones. */
  readonly differences: readonly RecountDifference[]
  readonly error: { readonly code: string; readonly message: string } | null
  /** How often it was begun: by this process or by those before it. */
  readonly attempts: number
  readonly createdAt: number
  readonly endedAt: number | null
}

export const noFigures: RecountFigures = { windows: 0, compared: 0, equal: 0, different: 0, missing: 0, extra: 0 }
