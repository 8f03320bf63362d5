import type { PartitionOffsets } from '@millrace/kafka'
import type { Offsets } from '@millrace/spark-connect'

/** Whether everything below `wanted` is below `reached`, too. An absent partition stands at 0. */
export const covers = (reached: Offsets, wanted: Offsets): boolean =>
  Object.entries(wanted).every(([partition, offset]) => (reached[partition] ?? 0) >= offset)

/** How many events each partition of `ends` still has in front of `reached`. */
export const lagOf = (reached: Offsets, ends: Offsets): Offsets =>
  Object.fromEntries(Object.entries(ends).map(([partition, end]) => [partition, Math.max(0, end - (reached[partition] ?? 0))]))

/** Offsets as far as the partitions go. */
export const within = (offsets: Offsets, ends: Offsets): Offsets =>
  Object.fromEntries(Object.entries(offsets).map(([partition, offset]) => [partition, Math.min(offset, ends[partition] ?? 0)]))

/** The greater offset of each partition. */
export const furthest = (some: Offsets, others: Offsets): Offsets =>
  Object.fromEntries(Object.keys({ ...some, ...others }).map((partition) => [partition, Math.max(some[partition] ?? 0, others[partition] ?? 0)]))

export const offsetsOf = (offsets: PartitionOffsets): Offsets =>
  Object.fromEntries(Object.entries(offsets).map(([partition, offset]) => [partition, Number(offset)]))
