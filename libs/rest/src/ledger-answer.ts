import type { JsonSchema, StreamDeclaration } from '@millrace/stream-kit'
import { writeValue } from './field-values.ts'
import { bucketStates, judgeBucket, type BucketState, type Difference, type LedgerBucket, type LedgerTime } from './judge-bucket.ts'
import type { StreamCounts } from './stream-answer.ts'

/** A bucket as it is answered. */
export interface BucketAnswer extends StreamCounts {
  /** The first instant of the hour, or `none` for records whose event time cannot be read. */
  readonly bucket: string
  readonly state: BucketState
  /** Of the late ones, those that the rows count all the same. */
  readonly included: number
  readonly aggregated: number | null
  readonly views: Readonly<Record<string, number>>
  readonly differences: readonly Difference[]
}

/** The resource of `GET /v1/streams/<stream>/ledger`. `ledgerSchema` describes it. */
export interface LedgerAnswer {
  readonly stream: string
  readonly version: number
  readonly generation: number | null
  readonly finalUntil: string | null
  /** Of the buckets of this answer. */
  readonly summary: Readonly<Record<BucketState, number>>
  readonly data: readonly BucketAnswer[]
  readonly page: { readonly next: string | null }
}

export interface LedgerContent {
  readonly time: LedgerTime
  readonly generation: number | null
  /** Oldest first; that of unreadable event times last. */
  readonly buckets: readonly LedgerBucket[]
  readonly next: string | null
}

/** The buckets with their verdicts. */
export function ledgerAnswer({ name, version }: Pick<StreamDeclaration, 'name' | 'version'>, { time, generation, buckets, next }: LedgerContent): LedgerAnswer {
  const data = buckets.map((bucket): BucketAnswer => {
    const { state, differences } = judgeBucket(bucket, time)
    const { fetched, fresh, repeated, rejected, published, late } = bucket.counts
    return { bucket: bucket.start === null ? 'none' : iso(bucket.start), state, fetched, fresh, repeated, rejected, published, late, included: bucket.included, aggregated: bucket.aggregated, views: bucket.views, differences }
  })
  const summary = Object.fromEntries(bucketStates.map((state) => [state, data.filter((one) => one.state === state).length])) as Record<BucketState, number>
  return { stream: name, version, generation, finalUntil: time.finalUntil === null ? null : iso(time.finalUntil), summary, data, page: { next } }
}

const iso = (ms: number): string => String(writeValue(ms, 'instant'))

const object = (properties: Readonly<Record<string, JsonSchema>>): JsonSchema => ({ type: 'object', properties, required: Object.keys(properties), additionalProperties: false })
const count = (description: string): JsonSchema => ({ type: 'integer', minimum: 0, description })

/** What `ledgerAnswer` gives. */
export const ledgerSchema: JsonSchema = object({
  stream: { type: 'string' },
  version: { type: 'integer', minimum: 1 },
  generation: { type: ['integer', 'null'], description: 'The generation of rows that is served; null before the first.' },
  finalUntil: { type: ['string', 'null'], format: 'date-time', description: 'Buckets that end at or before it are closed.' },
  summary: { ...object(Object.fromEntries(bucketStates.map((state) => [state, count(`Buckets of this answer that are ${state}.`)]))), description: 'How many buckets of this answer are in which state.' },
  data: {
    type: 'array',
    items: object({
      bucket: { type: 'string', description: 'The first instant of the hour of event time, or `none` for records whose event time cannot be read.' },
      state: { enum: [...bucketStates], description: '`open`: it may still change. `balanced`, `unbalanced`: closed, and every equation holds, or not. `expired`: older than the retention, its rows may be gone, so it is not judged.' },
      fetched: count('Records that the source returned: fresh + repeated + rejected.'),
      fresh: count('Records seen for the first time: published + late.'),
      repeated: count('Records whose id was seen before.'),
      rejected: count('Records that are no event.'),
      published: count('Events on the topic: aggregated, once the bucket is closed.'),
      late: count('Events kept apart: behind the watermark, or found by a backfill.'),
      included: count('Those of the late ones that were included since, and are counted: published + included = aggregated.'),
      aggregated: { type: ['integer', 'null'], minimum: 0, description: 'Events of the `_ledger` row; null where there is none.' },
      views: { type: 'object', additionalProperties: { type: 'integer', minimum: 0 }, description: 'Σ events of each tumbling view that counts every event and whose window divides the hour. A view that the generation of the bucket did not have is left out.' },
      differences: { type: 'array', description: 'The equations that do not hold.', items: object({ equation: { type: 'string' }, left: { type: 'integer' }, right: { type: 'integer' } }) },
    }),
  },
  page: { $ref: '#/components/schemas/Page' },
})
