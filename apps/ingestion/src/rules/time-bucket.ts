import type { StreamDeclaration } from '@millrace/stream-kit'

const hourMs = 3_600_000

/** The book of records whose event time cannot be read. */
export const noBook = 'none'

/** The book of an event: its hour of event time, by the ISO text of its first instant. */
export const bookOf = (eventTime: number | null): string => (eventTime === null ? noBook : bucketAt(eventTime, hourMs))

/** The bucket of this size that holds an instant, by the ISO text of its first instant. */
export function bucketAt(ms: number, sizeMs: number): string {
  return new Date(Math.floor(ms / sizeMs) * sizeMs).toISOString()
}

/** Where the ids of rejected records are kept: by our clock, since they may have no time of their own. */
export const rejectedBucketAt = (nowMs: number, sizeMs: number): string => `rejected ${bucketAt(nowMs, sizeMs)}`

/**
 * How much time one bucket of seen ids spans: what is looked up at once, so that it fits in memory at 10,000 events a
 * second, yet a page of sparse events does not touch hundreds. Kept with the stream's cursor once chosen.
 */
export const seenBucketMs = ({ latenessMs }: Pick<StreamDeclaration, 'latenessMs'>): number =>
  [hourMs, 600_000].find((size) => size <= latenessMs) ?? 60_000

/** A bucket and its neighbours: a revision may move an event a little across a border. */
export const around = (ms: number, sizeMs: number): string[] => [-1, 0, 1].map((step) => bucketAt(ms + step * sizeMs, sizeMs))
