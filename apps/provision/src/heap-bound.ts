import { streamLabel, type StreamDeclaration } from '@millrace/stream-kit'

/** Heap that Spark's default state store takes for one event id (measured with 1 M ids). */
const bytesPerId = 223
/** Share of the heap that ids may take; the rest is for the batch, the windows and the server. */
const idShare = 0.5

export interface HeapBound {
  readonly stream: string
  readonly retentionMs: number
  /** The most events the topic may hold so that a rebuild, which may keep the id of each, fits. */
  readonly mostEvents: number
  /** The same as a steady rate over the retention. */
  readonly mostPerSecond: number
}

/**
 * How much a stream may carry. A rebuild reads the topic from its beginning, and until the watermark has moved Spark
 * keeps every id of it: retention × rate of ids must fit the heap.
 */
export function heapBound(stream: Pick<StreamDeclaration, 'name' | 'version' | 'retentionMs'>, heapMb: number): HeapBound {
  const mostEvents = Math.floor((heapMb * 1_048_576 * idShare) / bytesPerId)
  return { stream: streamLabel(stream), retentionMs: stream.retentionMs, mostEvents, mostPerSecond: mostEvents / (stream.retentionMs / 1_000) }
}
