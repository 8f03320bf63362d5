import { holds, type SeenId } from './seen-index.ts'
import type { CandidateRecord, RefusedRecord, SourceRecord } from './source-record.ts'
import { around, bucketAt, rejectedBucketAt } from './time-bucket.ts'

/** What is kept so that a record is known when it comes again. */
export interface SeenEntry {
  readonly bucket: string
  readonly id: string
  readonly content: string
}

/**
 * A record with its one verdict.
 *
 * `published`: new and in time. `late`: new, behind the watermark, or found by a backfill. `repeated`: judged before. `revised`: its id was
 * judged before, with other content; counts as repeated and is kept apart. `rejected`: can be no event.
 */
export type Judged =
  | { readonly verdict: 'published'; readonly record: CandidateRecord; readonly seen: SeenEntry }
  | { readonly verdict: 'late'; readonly record: CandidateRecord; readonly seen: SeenEntry }
  | { readonly verdict: 'revised'; readonly record: CandidateRecord; readonly seen: SeenEntry }
  | { readonly verdict: 'rejected'; readonly record: RefusedRecord; readonly seen: SeenEntry }
  | { readonly verdict: 'repeated'; readonly record: SourceRecord; readonly seen: null }

export interface JudgeContext {
  /** Highest accepted event time less the lateness, as it stood before the page; null before the first event. */
  readonly watermark: number | null
  /** What is new is late in any case: its windows are closed. */
  readonly isBackfill?: boolean
  readonly find: (id: string) => SeenId | undefined
  readonly seenBucketMs: number
  readonly nowMs: number
}

/** The buckets of seen ids that must be in memory to judge these records. */
export function bucketsOf(records: readonly SourceRecord[], { seenBucketMs, nowMs }: Pick<JudgeContext, 'seenBucketMs' | 'nowMs'>): Set<string> {
  const buckets = new Set<string>()
  let last = Number.NaN
  for (const record of records) {
    const slot = record.kind === 'candidate' ? Math.floor(record.eventTime / seenBucketMs) : Number.NEGATIVE_INFINITY
    if (slot === last) continue
    last = slot
    if (record.kind === 'candidate') for (const bucket of around(record.eventTime, seenBucketMs)) buckets.add(bucket)
    else for (const step of [-1, 0]) buckets.add(rejectedBucketAt(nowMs + step * seenBucketMs, seenBucketMs))
  }
  return buckets
}

/** Judges records in the order in which the source gave them, each once; an earlier one of the same page counts as seen. */
export function judgeRecords(records: readonly SourceRecord[], { watermark, isBackfill = false, find, seenBucketMs, nowMs }: JudgeContext): Judged[] {
  const here = new Map<string, SeenId>()
  const keep = (bucket: string, { id, content }: SourceRecord): SeenEntry => {
    const known = here.get(id) ?? find(id)
    here.set(id, known ? { bucket: known.bucket, contents: known.contents + content } : { bucket, contents: content })
    return { bucket: known?.bucket ?? bucket, id, content }
  }

  return records.map((record): Judged => {
    const known = here.get(record.id) ?? find(record.id)
    if (record.kind === 'refused') {
      if (known) return { verdict: 'repeated', record, seen: null }
      return { verdict: 'rejected', record, seen: keep(rejectedBucketAt(nowMs, seenBucketMs), record) }
    }
    if (known && holds(known, record.content)) return { verdict: 'repeated', record, seen: null }
    const seen = keep(bucketAt(record.eventTime, seenBucketMs), record)
    if (known) return { verdict: 'revised', record, seen }
    return { verdict: isBackfill || (watermark !== null && record.eventTime < watermark) ? 'late' : 'published', record, seen }
  })
}
