/** By partition of the stream's topic: the next event that is not yet in the stored windows. */
export type Offsets = Readonly<Record<string, number>>

/** How far the stored windows are, compared with what was asked for. */
export interface StoredSoFar {
  readonly reached: boolean
  readonly offsets: Offsets
  /** Events by partition that are still missing, for the partitions asked for. */
  readonly lag: Offsets
}

export function storedSoFar(wanted: Offsets, stored: Offsets): StoredSoFar {
  const lag = Object.fromEntries(Object.entries(wanted).map(([partition, offset]) => [partition, Math.max(0, offset - (stored[partition] ?? 0))]))
  return { reached: Object.values(lag).every((missing) => missing === 0), offsets: stored, lag }
}
