import { ledgerBucketMs } from '@millrace/stream-kit'
import type { StreamCounts } from './stream-answer.ts'

/** `open`: may still change. `expired`: older than the retention, its rows may be gone. The other two are verdicts. */
export type BucketState = 'open' | 'balanced' | 'unbalanced' | 'expired'
export const bucketStates = ['open', 'balanced', 'unbalanced', 'expired'] as const satisfies readonly BucketState[]

/** An equation that does not hold, with what its sides are. */
export interface Difference {
  readonly equation: string
  readonly left: number
  readonly right: number
}

/** What an hour of event time has been counted as, from the source to the rows. */
export interface LedgerBucket {
  /** Epoch milliseconds; null for the records whose event time cannot be read. */
  readonly start: number | null
  /** Ingestion's book. */
  readonly counts: StreamCounts
  /** Late events that the rows of the hour count. */
  readonly included: number
  /** The events of the hour's `_ledger` row; null where there is none. */
  readonly aggregated: number | null
  /** Σ events by view, of the views that must balance and whose generation knows them. */
  readonly views: Readonly<Record<string, number>>
  /** Rows of the hour have reached the end of their life by the wall clock, or may have. */
  readonly isAged: boolean
}

export interface LedgerTime {
  /** Rows of windows that end at or before it are complete; null before the first are. */
  readonly finalUntil: number | null
  /** Hours that begin before it have outlived the retention. */
  readonly horizon: number
}

export interface Judgement {
  readonly state: BucketState
  /** Empty but for an unbalanced bucket. */
  readonly differences: readonly Difference[]
}

/**
 * Judges one bucket by the equations of the ledger:
 *
 *     fetched = fresh + repeated + rejected
 *     fresh = published + late
 *     published + included = aggregated
 *     aggregated = Σ events of each balancing view
 *
 * The first two hold in one row that is written in one transaction, so they hold at any moment; the others only when
 * the bucket is closed. Of records without an event time nothing is published, so only the first two are asked.
 */
export function judgeBucket(bucket: LedgerBucket, { finalUntil, horizon }: LedgerTime): Judgement {
  const { start, isAged } = bucket
  if (start !== null && (start < horizon || isAged)) return { state: 'expired', differences: [] }
  if (start !== null && (finalUntil === null || start + ledgerBucketMs > finalUntil)) return { state: 'open', differences: [] }
  const differences = [...booked(bucket), ...(start === null ? [] : stored(bucket))].filter(({ left, right }) => left !== right)
  return { state: differences.length === 0 ? 'balanced' : 'unbalanced', differences }
}

const booked = ({ counts: { fetched, fresh, repeated, rejected, published, late } }: LedgerBucket): Difference[] => [
  { equation: 'fetched = fresh + repeated + rejected', left: fetched, right: fresh + repeated + rejected },
  { equation: 'fresh = published + late', left: fresh, right: published + late },
]

const stored = ({ counts: { published }, included, aggregated, views }: LedgerBucket): Difference[] => [
  { equation: included === 0 ? 'published = aggregated' : 'published + included = aggregated', left: published + included, right: aggregated ?? 0 },
  ...Object.entries(views).map(([view, events]) => ({ equation: `aggregated = Σ ${view}`, left: aggregated ?? 0, right: events })),
]
