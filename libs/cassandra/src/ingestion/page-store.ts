import type { CassandraSession } from '../cassandra-session.ts'
import { bytesOf } from '../row.ts'
import type { StreamName } from './stream-store.ts'

export interface PageKey {
  readonly epoch: number
  readonly seq: number
}

/** Pages written ahead. What is in one is ingestion's own. */
export abstract class PageStore {
  /** Resolves when the page is kept. The same key may be written again until it is pending. */
  abstract write(stream: StreamName, key: PageKey, content: Buffer): Promise<void>
  abstract read(stream: StreamName, key: PageKey): Promise<Buffer | null>
  /** Removes the pages of this epoch before `seq`, which are all done. */
  abstract removeBefore(stream: StreamName, key: PageKey): Promise<void>
}

const cql = {
  write: 'INSERT INTO pages (stream, version, epoch, seq, content, written_at) VALUES (?, ?, ?, ?, ?, toTimestamp(now()))',
  read: 'SELECT content FROM pages WHERE stream = ? AND version = ? AND epoch = ? AND seq = ?',
  removeBefore: 'DELETE FROM pages WHERE stream = ? AND version = ? AND epoch = ? AND seq < ?',
} as const

export class CassandraPageStore extends PageStore {
  constructor(private readonly session: CassandraSession) {
    super()
  }

  override async write({ name, version }: StreamName, { epoch, seq }: PageKey, content: Buffer): Promise<void> {
    await this.session.execute(cql.write, [name, version, epoch, seq, content], { action: `writing page ${seq} of ${name} ahead` })
  }

  override async read({ name, version }: StreamName, { epoch, seq }: PageKey): Promise<Buffer | null> {
    const [row] = await this.session.execute(cql.read, [name, version, epoch, seq], { action: `reading page ${seq} of ${name}` })
    return row ? bytesOf(row, 'content') : null
  }

  override async removeBefore({ name, version }: StreamName, { epoch, seq }: PageKey): Promise<void> {
    await this.session.execute(cql.removeBefore, [name, version, epoch, seq], { action: `removing pages of ${name}` })
  }
}
