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

/**
 * The newest status that the query has committed: that of now, or the one that is waited for. Under a steady flow the one of
 * now is always ahead of the query, and a marker that waited for it would never be due.
 */
export const committedStatus = (committed: Offsets, now: PublishedStatus | undefined, awaited: PublishedStatus | undefined): PublishedStatus | undefined =>
  [now, awaited].find((status) => status !== undefined && covers(committed, status.publishedOffsets))

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
