import type { ServerResponse } from 'node:http'

/** An answer of a simulated API, whole and ready to go. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Bytes, one character each: not all that a source writes is text. */
  readonly body: string
  /** What was asked. */
  readonly url?: string
  /** Writes the body in a way of its own. Rejects where it was not handed over. */
  readonly write?: (raw: ServerResponse) => Promise<void>
  /** Notes what the answer holds as served; called once the answer is handed over whole. */
  readonly served?: () => void
}

/** A page of records that is still to be written. */
export interface Page<Row extends object> {
  readonly rows: readonly Row[]
  /** What was asked for at most. A page with fewer is the last. */
  readonly limit: number
  /** The body around the records: they belong into its last `[]`. */
  readonly around: string
  readonly note: (rows: readonly Row[]) => void
}
