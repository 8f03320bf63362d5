/** What the oracle found after a drill. */
export interface Verdict {
  /** Distinct events that the source handed over during the drill. */
  readonly events: number
  /** Of them, those that no row counts; and rows that count more than there is. */
  readonly lost: number
  readonly double: number
  /** Everything that is not as it must be; empty when the promise was kept. */
  readonly problems: readonly string[]
  readonly recount: string
  readonly late: number
}
