import type { StreamStatus } from '@millrace/cassandra'
import type { ProgressMarker } from '@millrace/kafka'
import type { Offsets } from '@millrace/spark-connect'
import type { StreamDeclaration } from '@millrace/stream-kit'
import { covers } from './offsets.ts'

/** Enough to tell two markers apart. */
export type MarkerKey = string

export const markerKey = ({ watermark, offsets }: Pick<ProgressMarker, 'watermark' | 'offsets'>): MarkerKey => JSON.stringify([watermark, offsets])

/** What ingestion had published at one moment, and its watermark then. */
export type PublishedStatus = Pick<StreamStatus, 'watermark' | 'publishedOffsets'>

/** Statuses that wait for the query, oldest first. */
export interface Published {
  /** The newest status that the query has committed. */
  readonly reached: PublishedStatus | undefined
  /** Those that it has not committed yet. */
  readonly waiting: readonly PublishedStatus[]
}

/** An hour of looks. A query that is farther behind is marked again when it has come that near. */
const mostWaiting = 3_600

/**
 * What was published at each look waits until the query has committed it. Under a steady flow the status of now is always
 * ahead of the query: a marker that waited for that alone would never be due.
 */
export function passPublished(waiting: readonly PublishedStatus[], now: PublishedStatus | undefined, committed: Offsets): Published {
  const seen = withNow(waiting, now)
  const firstOpen = seen.findIndex((status) => !covers(committed, status.publishedOffsets))
  const open = firstOpen === -1 ? seen.length : firstOpen
  return { reached: seen[open - 1], waiting: seen.slice(open).slice(-mostWaiting) }
}

/** Offsets that fall are those of a topic that was made again: what waited for the old one waits in vain. */
function withNow(waiting: readonly PublishedStatus[], now: PublishedStatus | undefined): readonly PublishedStatus[] {
  const last = waiting.at(-1)
  if (!now || (last && isSame(last, now))) return waiting
  const status = { watermark: now.watermark, publishedOffsets: now.publishedOffsets }
  return last && !covers(now.publishedOffsets, last.publishedOffsets) ? [status] : [...waiting, status]
}

const isSame = (one: PublishedStatus, other: PublishedStatus) =>
  one.watermark === other.watermark && covers(one.publishedOffsets, other.publishedOffsets) && covers(other.publishedOffsets, one.publishedOffsets)

export interface MarkerQuestion {
  readonly stream: Pick<StreamDeclaration, 'name' | 'version'>
  readonly generation: number
  readonly status: PublishedStatus | undefined
  readonly committed: Offsets
  /** The marker that this generation was last given. */
  readonly last: MarkerKey | undefined
}

/**
 * The marker that is due, or null. When the query has committed all that was published while the watermark was W, then
 * every window of these events is on the windows topic, before the marker: nothing that comes later changes a window that
 * ends at or before W.
 */
export function decideMarker({ stream, generation, status, committed, last }: MarkerQuestion): ProgressMarker | null {
  if (status?.watermark == null || Object.keys(status.publishedOffsets).length === 0 || !covers(committed, status.publishedOffsets)) return null
  const offsets = Object.fromEntries(Object.entries(status.publishedOffsets).map(([partition, offset]) => [partition, String(offset)]))
  const marker: ProgressMarker = { kind: 'progress', stream: stream.name, version: stream.version, generation, watermark: status.watermark, offsets }
  return markerKey(marker) === last ? null : marker
}
