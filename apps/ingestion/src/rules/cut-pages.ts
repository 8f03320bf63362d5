import type { Encoded } from './encode-records.ts'
import { bookOf } from './time-bucket.ts'

export interface PageLimits {
  readonly records: number
  readonly bytes: number
  /** Books, and buckets of seen ids, each. */
  readonly buckets: number
}

/** What one lightweight transaction and one send can carry. */
export const pageLimits: PageLimits = { records: 1_000, bytes: 524_288, buckets: 100 }

/**
 * Cuts judged records into pages that are written ahead one by one. Events come first, by (event time, id), then what is
 * kept apart, in the source's order. Repeated records need no page: they only count.
 */
export function cutPages(encoded: readonly Encoded[], limits: PageLimits = pageLimits): Encoded[][] {
  const events = encoded.filter(({ judged }) => judged.verdict === 'published').sort(byTimeAndId)
  const others = encoded.filter(({ judged }) => judged.verdict !== 'published' && judged.verdict !== 'repeated')
  const pages: Encoded[][] = []
  let page: Encoded[] = []
  let bytes = 0
  let books = new Set<string>()
  let buckets = new Set<string>()

  for (const record of [...events, ...others]) {
    const book = bookOf(record.judged.record.eventTime)
    const bucket = record.judged.seen?.bucket ?? ''
    const size = record.outgoing?.bytes ?? 0
    const isFull = page.length >= limits.records || bytes + size > limits.bytes || (books.size >= limits.buckets && !books.has(book)) || (buckets.size >= limits.buckets && !buckets.has(bucket))
    if (isFull && page.length > 0) {
      pages.push(page)
      ;[page, bytes, books, buckets] = [[], 0, new Set(), new Set()]
    }
    page.push(record)
    bytes += size
    books.add(book)
    buckets.add(bucket)
  }
  if (page.length > 0) pages.push(page)
  return pages
}

function byTimeAndId({ judged: { record: a } }: Encoded, { judged: { record: b } }: Encoded): number {
  return Number(a.eventTime) - Number(b.eventTime) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}
