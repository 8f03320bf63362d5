import type { ReadRecord } from './wire-record.ts'

/** Some records of one partition, in order. */
export interface Batch {
  readonly topic: string
  readonly partition: number
  readonly records: readonly ReadRecord[]
  /** The offset that the next record appended to the partition gets; the lag is this less the last offset less one. */
  readonly highWatermark: bigint
  /**
   * Keeps the partition ours while work takes long: call it at least every two seconds.
   * Throws when the partition is no longer ours or the source is closing: give up the batch, it is delivered again.
   */
  heartbeat(): Promise<void>
}

/**
 * Delivers records in batches and remembers how far.
 *
 * A batch counts as done, and its offset is committed, when `onBatch` resolves. When it rejects, the batch is delivered again
 * after a pause. So every record is delivered at least once; after a crash those since the last commit come again.
 * Batches of one partition come one after the other, those of different partitions may come at once.
 */
export abstract class BatchSource {
  /** Delivers until `close`; resolves then. */
  abstract run(topics: readonly string[], onBatch: (batch: Batch) => Promise<void>): Promise<void>

  /** Stops taking, lets batches in hand end, commits them, leaves. */
  abstract close(): Promise<void>

  /** Throws while nothing can be read. */
  abstract health(): void
}
