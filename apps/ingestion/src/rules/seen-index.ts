import type { SeenRow } from '@millrace/cassandra'

/** Where an id is kept, and the digests of the contents that were judged under it: the accepted one, then its revisions. */
export interface SeenId {
  readonly bucket: string
  readonly contents: string
}

const idBytes = 16
const contentBytes = 6
const contentLength = 8

/**
 * The ids that have been judged, as far as they are in memory: whole buckets, loaded when a page needs them. Beyond
 * `capacity` ids the bucket that was not needed for longest goes.
 */
export class SeenIndex {
  readonly #capacity: number
  readonly #ids = new Map<string, SeenId>()
  /** In order of last use. */
  readonly #buckets = new Map<string, string[]>()

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get size(): number {
    return this.#ids.size
  }

  /** Those of the buckets that are to be loaded. The others count as used now. */
  missing(buckets: Iterable<string>): string[] {
    return [...new Set(buckets)].filter((bucket) => {
      const ids = this.#buckets.get(bucket)
      if (!ids) return true
      this.#buckets.delete(bucket)
      this.#buckets.set(bucket, ids)
      return false
    })
  }

  /** All rows of a bucket, oldest first; none for one that is empty. */
  load(bucket: string, rows: readonly SeenRow[]): void {
    this.#buckets.set(bucket, this.#buckets.get(bucket) ?? [])
    for (const { ids, contents } of rows) {
      for (let at = 0; at < ids.length / idBytes; at += 1) {
        this.add(bucket, ids.toString('base64url', at * idBytes, (at + 1) * idBytes), contents.toString('base64url', at * contentBytes, (at + 1) * contentBytes))
      }
    }
  }

  find(id: string): SeenId | undefined {
    return this.#ids.get(id)
  }

  add(bucket: string, id: string, content: string): void {
    const known = this.#ids.get(id)
    if (known) {
      if (!holds(known, content)) this.#ids.set(id, { bucket: known.bucket, contents: known.contents + content })
      return
    }
    this.#ids.set(id, { bucket, contents: content })
    const ids = this.#buckets.get(bucket)
    if (ids) ids.push(id)
    else this.#buckets.set(bucket, [id])
  }

  /** Lets buckets go until the rest fits; never those that are needed now. */
  trim(needed: ReadonlySet<string>): void {
    for (const [bucket, ids] of this.#buckets) {
      if (this.#ids.size <= this.#capacity && this.#buckets.size <= maxBuckets) return
      if (needed.has(bucket)) continue
      for (const id of ids) this.#ids.delete(id)
      this.#buckets.delete(bucket)
    }
  }

  clear(): void {
    this.#ids.clear()
    this.#buckets.clear()
  }
}

/** Empty buckets cost memory too. */
const maxBuckets = 20_000

/** Whether this very content has been judged under the id. */
export function holds({ contents }: SeenId, content: string): boolean {
  for (let at = 0; at < contents.length; at += contentLength) if (contents.startsWith(content, at)) return true
  return false
}

/** Ids and contents as one row keeps them. */
export function seenRow(bucket: string, entries: readonly { readonly id: string; readonly content: string }[]): SeenRow {
  return {
    bucket,
    ids: Buffer.concat(entries.map(({ id }) => Buffer.from(id, 'base64url'))),
    contents: Buffer.concat(entries.map(({ content }) => Buffer.from(content, 'base64url'))),
  }
}
