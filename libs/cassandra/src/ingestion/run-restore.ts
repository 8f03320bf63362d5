/** What a restore has put on the topic of a stream again. */
export interface RestoreReport {
  readonly pages: number
  readonly events: number
  /** Events that were published once and are not kept any more. */
  readonly missing: number
  /** Windows that start before this instant (epoch milliseconds) may have some of those; null: none is missing. */
  readonly floor: number | null
}

export const nothingRestored: RestoreReport = { pages: 0, events: 0, missing: 0, floor: null }
