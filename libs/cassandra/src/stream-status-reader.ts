import { instantRange, type StreamDeclaration } from '@millrace/stream-kit'
import type { CassandraSession } from './cassandra-session.ts'
import { maybeNumber, maybeText, textOf, type Row } from './row.ts'
import { topicStateIn, type TopicState } from './topic-state.ts'

/** How records were judged: `fetched = fresh + repeated + rejected`, and of the fresh ones `published + late`. */
export interface Counts {
  readonly fetched: number
  readonly fresh: number
  readonly repeated: number
  readonly rejected: number
  readonly published: number
  readonly late: number
}

/** Where a stream's ingestion stands. Instants are epoch milliseconds. */
export interface StreamStatus {
  readonly epoch: number
  readonly owner: string | null
  readonly leaseUntil: number | null
  readonly seq: number
  /** The page that is written ahead and not done yet. */
  readonly pending: number | null
  readonly watermark: number | null
  /** The latest event time that was accepted. */
  readonly highest: number | null
  /** By partition: the next offset after the last published event. */
  readonly publishedOffsets: Readonly<Record<string, number>>
  readonly topic: TopicState
  readonly isPaused: boolean
  readonly totals: Counts
}

/** The counts of one hour of event time, or of the records whose event time cannot be read. */
export interface Book extends Counts {
  /** First instant of the hour; null for event times that cannot be read. */
  readonly hour: number | null
}

type Key = Pick<StreamDeclaration, 'name' | 'version'>

const counts = ['fetched', 'fresh', 'repeated', 'rejected', 'published', 'late'] as const

const selectStatus = `SELECT epoch, owner, lease_until, seq, pending, watermark, highest, published_offsets, paused, topic, ${counts.map((name) => `total_${name}`).join(', ')}
  FROM streams WHERE stream = ? AND version = ? LIMIT 1`
const selectBooks = `SELECT bucket, ${counts.join(', ')} FROM streams WHERE stream = ? AND version = ? AND bucket >= ? AND bucket < ?`
const selectUnread = `SELECT bucket, ${counts.join(', ')} FROM streams WHERE stream = ? AND version = ? AND bucket = 'none'`

/** Reads what ingestion has written about a stream: its status and its books. */
export class StreamStatusReader {
  constructor(private readonly session: CassandraSession) {}

  /** Undefined until the stream has been ingested once. */
  async read({ name, version }: Key): Promise<StreamStatus | undefined> {
    const [row] = await this.session.execute(selectStatus, [name, version], { action: `reading the status of ${name}` })
    return row && statusOf(row)
  }

  /** The hours from `from` to before `to`, oldest first. Without a span: all hours, and the records without an event time. */
  async books({ name, version }: Key, span?: { readonly from: number; readonly to: number }): Promise<Book[]> {
    const action = `reading the books of ${name}`
    const [low, high] = span ? [hourText(span.from), hourText(span.to)] : ['', 'n']
    const hours = await this.session.execute(selectBooks, [name, version, low, high], { action })
    const unread = span ? null : await this.unreadable({ name, version })
    return [...hours.map(bookOf), ...(unread ? [unread] : [])]
  }

  /** The records whose event time could not be read; null where there is none. */
  async unreadable({ name, version }: Key): Promise<Book | null> {
    const [row] = await this.session.execute(selectUnread, [name, version], { action: `reading the books of ${name}` })
    return row ? bookOf(row) : null
  }
}

/** Buckets are named by the ISO text of their first instant, so they sort as time does; 'none' sorts behind. */
const hourText = (ms: number): string => (ms > instantRange.max ? 'n' : new Date(ms).toISOString())

const bookOf = (row: Row): Book => ({ hour: hourOf(textOf(row, 'bucket')), ...countsOf(row, '') })

const hourOf = (bucket: string): number | null => (bucket === 'none' ? null : Date.parse(bucket))

const countsOf = (row: Row, prefix: string): Counts => Object.fromEntries(counts.map((name) => [name, maybeNumber(row, prefix + name) ?? 0])) as Record<(typeof counts)[number], number>

const statusOf = (row: Row): StreamStatus => ({
  epoch: maybeNumber(row, 'epoch') ?? 0,
  owner: maybeText(row, 'owner'),
  leaseUntil: maybeNumber(row, 'lease_until'),
  seq: maybeNumber(row, 'seq') ?? 0,
  pending: maybeNumber(row, 'pending'),
  watermark: maybeNumber(row, 'watermark'),
  highest: maybeNumber(row, 'highest'),
  publishedOffsets: offsetsOf(maybeText(row, 'published_offsets')),
  topic: topicStateIn(maybeText(row, 'topic')),
  isPaused: row['paused'] === true,
  totals: countsOf(row, 'total_'),
})

const offsetsOf = (text: string | null): Record<string, number> =>
  Object.fromEntries(Object.entries(text === null ? {} : (JSON.parse(text) as Record<string, string | number>)).map(([partition, offset]) => [partition, Number(offset)]))
