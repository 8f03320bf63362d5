import { CassandraError } from '../cassandra.errors.ts'
import type { CassandraSession, Statement } from '../cassandra-session.ts'
import { maybeNumber, maybeText, textOf, type Row } from '../row.ts'
import type { Counts } from '../stream-status-reader.ts'
import { topicStateIn } from '../topic-state.ts'
import { noCounts, StreamStore, type StreamMove, type StreamName, type StreamState } from './stream-store.ts'

const names = ['fetched', 'fresh', 'repeated', 'rejected', 'published', 'late'] as const
const where = 'WHERE stream = ? AND version = ?'

const cql = {
  read: `SELECT epoch, owner, lease_until, seq, pending, cursor, watermark, highest, published_offsets, paused, topic, ${names.map((name) => `total_${name}`).join(', ')} FROM streams ${where} LIMIT 1`,
  books: `SELECT bucket, ${names.join(', ')} FROM streams ${where} AND bucket IN ?`,
  takeFirst: `UPDATE streams SET epoch = ?, owner = ?, lease_until = ?, seq = ? ${where} IF epoch = null`,
  take: `UPDATE streams SET epoch = ?, owner = ?, lease_until = ?, seq = ? ${where} IF epoch = ? AND seq = ? AND pending = ?`,
  renew: `UPDATE streams SET lease_until = ? ${where} IF epoch = ?`,
  pending: `UPDATE streams SET pending = ? ${where} IF epoch = ? AND seq = ? AND pending = ?`,
  move: `UPDATE streams SET seq = ?, pending = ?, cursor = ?, watermark = ?, highest = ?, published_offsets = ?, lease_until = ?, ${names.map((name) => `total_${name} = ?`).join(', ')} ${where} IF epoch = ? AND seq = ? AND pending = ?`,
  book: `INSERT INTO streams (stream, version, bucket, ${names.join(', ')}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) USING TTL ?`,
  topic: `UPDATE streams SET topic = ?, published_offsets = ? ${where} IF epoch = ? AND seq = ?`,
  pause: `UPDATE streams SET paused = ? ${where} IF epoch = ?`,
} as const

/** The streams table of Cassandra. */
export class CassandraStreamStore extends StreamStore {
  constructor(private readonly session: CassandraSession) {
    super()
  }

  override async read(stream: StreamName): Promise<StreamState> {
    const [row] = await this.session.execute(cql.read, keyOf(stream), { isSerial: true, action: `reading the state of ${stream.name}` })
    return stateOf(row ?? {})
  }

  override async books(stream: StreamName, buckets: readonly string[]): Promise<ReadonlyMap<string, Counts>> {
    const rows = buckets.length === 0 ? [] : await this.session.execute(cql.books, [...keyOf(stream), buckets], { action: `reading the books of ${stream.name}` })
    const books = new Map(buckets.map((bucket) => [bucket, noCounts]))
    for (const row of rows) books.set(textOf(row, 'bucket'), countsOf(row, ''))
    return books
  }

  override async takeLease(stream: StreamName, from: Pick<StreamState, 'epoch' | 'pending' | 'seq'>, { owner, leaseUntil }: { owner: string; leaseUntil: number }): Promise<boolean> {
    const epoch = from.epoch + 1
    const set = [epoch, owner, leaseUntil, from.seq, ...keyOf(stream)]
    return await this.#settle(stream, 'taking the lease', {
      statements: [from.epoch === 0 ? { cql: cql.takeFirst, params: set } : { cql: cql.take, params: [...set, from.epoch, from.seq, from.pending] }],
      isDone: (state) => state.epoch === epoch && state.owner === owner,
      isPossible: (state) => state.epoch === from.epoch && state.seq === from.seq && state.pending === from.pending,
    })
  }

  override async renewLease(stream: StreamName, epoch: number, leaseUntil: number): Promise<boolean> {
    return await this.#settle(stream, 'renewing the lease', {
      statements: [{ cql: cql.renew, params: [leaseUntil, ...keyOf(stream), epoch] }],
      isDone: (state) => state.epoch === epoch && state.leaseUntil === leaseUntil,
      isPossible: (state) => state.epoch === epoch,
    })
  }

  override async setPending(stream: StreamName, { epoch, seq }: { epoch: number; seq: number }): Promise<boolean> {
    return await this.#settle(stream, 'marking a page', {
      statements: [{ cql: cql.pending, params: [seq, ...keyOf(stream), epoch, seq, null] }],
      isDone: (state) => state.epoch === epoch && state.pending === seq,
      isPossible: (state) => state.epoch === epoch && state.seq === seq && state.pending === null,
    })
  }

  override async move(stream: StreamName, { epoch, seq, hasPage }: { epoch: number; seq: number; hasPage: boolean }, move: StreamMove): Promise<boolean> {
    const pending = hasPage ? seq : null
    const set = [seq + 1, null, move.cursor, move.watermark, move.highest, JSON.stringify(move.publishedOffsets), move.leaseUntil, ...names.map((name) => move.totals[name])]
    const books = Object.entries(move.books).map(([bucket, counts]): Statement => ({ cql: cql.book, params: [...keyOf(stream), bucket, ...names.map((name) => counts[name]), move.booksTtlSeconds] }))
    return await this.#settle(stream, 'moving the stream', {
      statements: [{ cql: cql.move, params: [...set, ...keyOf(stream), epoch, seq, pending] }, ...books],
      isDone: (state) => state.epoch === epoch && state.seq === seq + 1,
      isPossible: (state) => state.epoch === epoch && state.seq === seq && state.pending === pending,
    })
  }

  override async setTopic(stream: StreamName, { epoch, seq }: { epoch: number; seq: number }, { topic, publishedOffsets }: Pick<StreamState, 'topic' | 'publishedOffsets'>): Promise<boolean> {
    const set = [JSON.stringify(topic), JSON.stringify(publishedOffsets)]
    return await this.#settle(stream, 'saying what has become of the topic', {
      statements: [{ cql: cql.topic, params: [...set, ...keyOf(stream), epoch, seq] }],
      isDone: (state) => state.epoch === epoch && JSON.stringify(state.topic) === set[0] && JSON.stringify(state.publishedOffsets) === set[1],
      isPossible: (state) => state.epoch === epoch && state.seq === seq,
    })
  }

  override async setPaused(stream: StreamName, isPaused: boolean): Promise<void> {
    for (;;) {
      const { epoch, isPaused: already } = await this.read(stream)
      if (already === isPaused) return
      await this.#decide(stream, isPaused ? 'pausing' : 'resuming', [{ cql: cql.pause, params: [isPaused, ...keyOf(stream), epoch === 0 ? null : epoch] }])
    }
  }

  /** Runs a transaction until it is known to hold or known to be impossible. */
  async #settle(stream: StreamName, action: string, { statements, isDone, isPossible }: Transaction): Promise<boolean> {
    for (;;) {
      if (await this.#decide(stream, action, statements)) return true
      const state = await this.read(stream)
      if (isDone(state)) return true
      if (!isPossible(state)) return false
    }
  }

  /** False where it was not applied, or may not have been. */
  async #decide(stream: StreamName, action: string, statements: readonly Statement[]): Promise<boolean> {
    try {
      const { applied } = await this.session.decide(statements, { action: `${action} of ${stream.name}` })
      return applied
    } catch (error) {
      if (error instanceof CassandraError && error.code === 'cassandra_outcome_unknown') return false
      throw error
    }
  }
}

interface Transaction {
  readonly statements: readonly Statement[]
  readonly isDone: (state: StreamState) => boolean
  readonly isPossible: (state: StreamState) => boolean
}

const keyOf = ({ name, version }: StreamName) => [name, version] as const

const countsOf = (row: Row, prefix: string): Counts => Object.fromEntries(names.map((name) => [name, maybeNumber(row, prefix + name) ?? 0])) as Record<(typeof names)[number], number>

const stateOf = (row: Row): StreamState => ({
  epoch: maybeNumber(row, 'epoch') ?? 0,
  owner: maybeText(row, 'owner'),
  leaseUntil: maybeNumber(row, 'lease_until') ?? 0,
  seq: maybeNumber(row, 'seq') ?? 0,
  pending: maybeNumber(row, 'pending'),
  cursor: maybeText(row, 'cursor'),
  watermark: maybeNumber(row, 'watermark'),
  highest: maybeNumber(row, 'highest'),
  publishedOffsets: JSON.parse(maybeText(row, 'published_offsets') ?? '{}') as Record<string, string>,
  topic: topicStateIn(maybeText(row, 'topic')),
  isPaused: row['paused'] === true,
  totals: countsOf(row, 'total_'),
})
