import type { CassandraSession } from '../cassandra-session.ts'
import { inTurns } from '../in-turns.ts'
import { bytesOf } from '../row.ts'
import type { PageKey } from './page-store.ts'
import type { StreamName } from './stream-store.ts'

/** What one page has judged in one bucket: 16 bytes an id, 6 bytes a content, in the same order. */
export interface SeenRow {
  readonly bucket: string
  readonly ids: Buffer
  readonly contents: Buffer
  /** Ingestion's own: where each of the events has gone. */
  readonly places?: Buffer
}

/** The ids that have been judged. */
export abstract class SeenStore {
  /** Resolves when all are kept; writing the same page again changes nothing. */
  abstract write(stream: StreamName, key: PageKey, rows: readonly SeenRow[], ttlSeconds: number): Promise<void>
  /** Everything of a bucket, oldest page first. */
  abstract read(stream: StreamName, bucket: string): Promise<SeenRow[]>
}

const cql = {
  write: 'INSERT INTO seen_events (stream, version, bucket, epoch, seq, ids, contents, places) VALUES (?, ?, ?, ?, ?, ?, ?, ?) USING TTL ?',
  read: 'SELECT ids, contents FROM seen_events WHERE stream = ? AND version = ? AND bucket = ?',
} as const

const writesAtOnce = 16

export class CassandraSeenStore extends SeenStore {
  constructor(private readonly session: CassandraSession) {
    super()
  }

  override async write({ name, version }: StreamName, { epoch, seq }: PageKey, rows: readonly SeenRow[], ttlSeconds: number): Promise<void> {
    await inTurns(rows, writesAtOnce, async ({ bucket, ids, contents, places }) => {
      await this.session.execute(cql.write, [name, version, bucket, epoch, seq, ids, contents, places, ttlSeconds], { action: `keeping the ids of page ${seq} of ${name}` })
    })
  }

  override async read({ name, version }: StreamName, bucket: string): Promise<SeenRow[]> {
    const rows = await this.session.execute(cql.read, [name, version, bucket], { action: `reading the ids of ${name} in ${bucket}` })
    return rows.map((row) => ({ bucket, ids: bytesOf(row, 'ids'), contents: bytesOf(row, 'contents') }))
  }
}
