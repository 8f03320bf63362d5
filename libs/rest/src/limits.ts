import type { ViewDeclaration } from '@millrace/stream-kit'

/** Rows a page: what is answered without asking, and the most that may be asked for. */
export const pageLimit = { default: 100, max: 1_000 } as const

/** How many windows an answer goes back to when `from` is not given. */
export const defaultWindows = 24

/** How many partitions of a table one query may read. */
const mostPartitions = 64

const bucketMs = { hour: 3_600_000, day: 86_400_000 } as const

/** The longest time range of one query of the view: 64 of its partitions, and never less than the default range. */
export const longestRangeMs = ({ bucket, window }: Pick<ViewDeclaration, 'bucket' | 'window'>): number =>
  Math.max(mostPartitions * bucketMs[bucket], defaultWindows * window.slideMs)
