import type { StreamDeclaration } from '@millrace/stream-kit'
import type { Counts } from '../stream-status-reader.ts'
import type { TopicState } from '../topic-state.ts'

export type StreamName = Pick<StreamDeclaration, 'name' | 'version'>

/** The one row of a stream that decides everything: who ingests it, how far it is, what is in hand. */
export interface StreamState {
  /** Grows with every new holder of the lease; 0 before the first. */
  readonly epoch: number
  readonly owner: string | null
  /** Epoch milliseconds. */
  readonly leaseUntil: number
  /** How many pages have been moved. */
  readonly seq: number
  /** The `seq` of the page that is written ahead and not moved yet. It lies in `pages` under the current epoch. */
  readonly pending: number | null
  /** Ingestion's own JSON. */
  readonly cursor: string | null
  readonly watermark: number | null
  readonly highest: number | null
  /** Next offset by partition, as text. */
  readonly publishedOffsets: Readonly<Record<string, string>>
  readonly topic: TopicState
  readonly isPaused: boolean
  readonly totals: Counts
}

/** What a finished page leaves behind, all of it at once. */
export interface StreamMove {
  readonly cursor: string
  readonly watermark: number | null
  readonly highest: number | null
  readonly publishedOffsets: Readonly<Record<string, string>>
  readonly totals: Counts
  /** Absolute counts of the buckets that changed; at most 100. */
  readonly books: Readonly<Record<string, Counts>>
  readonly booksTtlSeconds: number
  readonly leaseUntil: number
}

/**
 * The streams table as ingestion writes it: lightweight transactions only.
 *
 * Each transaction answers whether it holds now, also when its own answer was lost: an unknown outcome is settled by a
 * serial read. `false` means that somebody else holds the lease, or the stream has gone on: read the state again.
 * They reject only where Cassandra cannot be asked; the state is to be read again then, too.
 */
export abstract class StreamStore {
  /** The state as the last transaction left it. */
  abstract read(stream: StreamName): Promise<StreamState>

  /** The books of these buckets; zeros for those without a row. */
  abstract books(stream: StreamName, buckets: readonly string[]): Promise<ReadonlyMap<string, Counts>>

  /** Takes the lease from the state that was read, with the next epoch. A pending page must lie under that epoch already. */
  abstract takeLease(stream: StreamName, from: Pick<StreamState, 'epoch' | 'pending' | 'seq'>, lease: { readonly owner: string; readonly leaseUntil: number }): Promise<boolean>

  abstract renewLease(stream: StreamName, epoch: number, leaseUntil: number): Promise<boolean>

  /** Marks the page `seq` of this epoch as the one in hand: from now on it is finished, by whomever. */
  abstract setPending(stream: StreamName, at: { readonly epoch: number; readonly seq: number }): Promise<boolean>

  /** Ends page `seq`: everything of `move`, and `seq + 1`. `hasPage` says that it was pending; without a page nothing may be. */
  abstract move(stream: StreamName, at: { readonly epoch: number; readonly seq: number; readonly hasPage: boolean }, move: StreamMove): Promise<boolean>

  /** Says what has become of the topic, with the offsets of what is on it. Everything else stays as it is, a pending page too. */
  abstract setTopic(stream: StreamName, at: { readonly epoch: number; readonly seq: number }, now: Pick<StreamState, 'topic' | 'publishedOffsets'>): Promise<boolean>

  /** Stops or continues the stream's runs, whoever holds the lease. */
  abstract setPaused(stream: StreamName, isPaused: boolean): Promise<void>
}

export const noCounts: Counts = { fetched: 0, fresh: 0, repeated: 0, rejected: 0, published: 0, late: 0 }
