import type { SeenStore } from '@millrace/cassandra'
import type { StreamDeclaration } from '@millrace/stream-kit'
import type { SeenEntry } from '../rules/judge-records.ts'
import { SeenIndex, type SeenId } from '../rules/seen-index.ts'
import { bucketAt } from '../rules/time-bucket.ts'
import type { HeldState } from './stream-hold.ts'

export interface SeenCacheOptions {
  readonly stream: StreamDeclaration
  readonly store: SeenStore
  readonly capacity: number
}

const readsAtOnce = 16
const recentBuckets = 24

/** The judged ids of a stream: those of the buckets in use in memory, the others in the store. */
export class SeenCache {
  readonly #options: SeenCacheOptions
  readonly #index: SeenIndex

  constructor(options: SeenCacheOptions) {
    this.#options = options
    this.#index = new SeenIndex(options.capacity)
  }

  clear(): void {
    this.#index.clear()
  }

  /** Starts anew, with the newest ids: a revision may move its event to another time, so more is at hand than its own bucket. */
  async begin({ highest, progress: { seenBucketMs } }: HeldState): Promise<void> {
    this.#index.clear()
    if (highest === null) return
    for (let back = 0; back < recentBuckets && this.#index.size < this.#options.capacity / 4; back += 1) await this.load([bucketAt(highest - back * seenBucketMs, seenBucketMs)])
  }

  /** Brings these buckets into memory. */
  async load(buckets: Iterable<string>): Promise<void> {
    const missing = this.#index.missing(buckets)
    for (let at = 0; at < missing.length; at += readsAtOnce) {
      await Promise.all(missing.slice(at, at + readsAtOnce).map(async (bucket) => {
        this.#index.load(bucket, await this.#options.store.read(this.#options.stream, bucket))
      }))
    }
  }

  find(id: string): SeenId | undefined {
    return this.#index.find(id)
  }

  add(entries: readonly SeenEntry[]): void {
    for (const { bucket, id, content } of entries) this.#index.add(bucket, id, content)
  }

  trim(needed: ReadonlySet<string>): void {
    this.#index.trim(needed)
  }
}
