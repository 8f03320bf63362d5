import type { CassandraSession } from '../cassandra-session.ts'
import { inTurns } from '../in-turns.ts'
import { bytesOf, maybeNumber, numberOf } from '../row.ts'
import type { StreamName } from './stream-store.ts'

/** What is known of a published page beside its content. */
export interface KeptPage {
  readonly seq: number
  /** How many events it has put on the stream's topic. */
  readonly events: number
  /** How many had been published before it: with `events` it shows whether the pages kept are all there are. */
  readonly published: number
  /** The latest event time before it, epoch milliseconds; null before the first event. */
  readonly highest: number | null
}

/** Pages that are done, kept for as long as their events may have to be published again. What is in one is ingestion's own. */
export abstract class KeptPageStore {
  /** Resolves when it is kept; the same page again changes nothing. */
  abstract write(stream: StreamName, page: KeptPage & { readonly content: Buffer }, ttlSeconds: number): Promise<void>
  /** Those before `seq`, oldest first. */
  abstract list(stream: StreamName, seq: number): Promise<KeptPage[]>
  /** Null where it is kept no more. */
  abstract read(stream: StreamName, seq: number): Promise<Buffer | null>
}

/** Pages in one partition of the table: 50 MB at most. */
const chunkPages = 500
const readsAtOnce = 16

const cql = {
  write: 'INSERT INTO kept_pages (stream, version, chunk, seq, content, events, published, highest) VALUES (?, ?, ?, ?, ?, ?, ?, ?) USING TTL ?',
  list: 'SELECT seq, events, published, highest FROM kept_pages WHERE stream = ? AND version = ? AND chunk = ?',
  read: 'SELECT content FROM kept_pages WHERE stream = ? AND version = ? AND chunk = ? AND seq = ?',
} as const

export class CassandraKeptPageStore extends KeptPageStore {
  constructor(private readonly session: CassandraSession) {
    super()
  }

  override async write({ name, version }: StreamName, { seq, content, events, published, highest }: KeptPage & { readonly content: Buffer }, ttlSeconds: number): Promise<void> {
    await this.session.execute(cql.write, [name, version, chunkOf(seq), seq, content, events, published, highest, ttlSeconds], { action: `keeping page ${seq} of ${name}` })
  }

  /** Chunk by chunk down to the first: one that is empty says nothing of those before it. */
  override async list({ name, version }: StreamName, before: number): Promise<KeptPage[]> {
    const chunks = Array.from({ length: chunkOf(before) + 1 }, (_, chunk) => chunk)
    const pages: KeptPage[] = []
    await inTurns(chunks, readsAtOnce, async (chunk) => {
      for await (const row of this.session.scan(cql.list, [name, version, chunk], { action: `listing the kept pages of ${name}` })) {
        const seq = numberOf(row, 'seq')
        if (seq < before) pages.push({ seq, events: numberOf(row, 'events'), published: numberOf(row, 'published'), highest: maybeNumber(row, 'highest') })
      }
    })
    return pages.sort((a, b) => a.seq - b.seq)
  }

  override async read({ name, version }: StreamName, seq: number): Promise<Buffer | null> {
    const [row] = await this.session.execute(cql.read, [name, version, chunkOf(seq), seq], { action: `reading the kept page ${seq} of ${name}` })
    return row ? bytesOf(row, 'content') : null
  }
}

const chunkOf = (seq: number): number => Math.floor(seq / chunkPages)
