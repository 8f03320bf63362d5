import type { StreamDeclaration } from '@millrace/stream-kit'
import type { CassandraSession, Statement } from './cassandra-session.ts'
import { inTurns } from './in-turns.ts'
import { bytesOf, maybeNumber, numberOf, textOf, type Param, type Row } from './row.ts'
import { dayOf } from './time-bucket.ts'

interface LetterContent {
  readonly reason: string
  readonly detail: string
  /** JSON: where the bytes come from. */
  readonly origin: string
  readonly run: string
  /** The original bytes. */
  readonly value: Buffer
  /** When Kafka took it, epoch milliseconds. */
  readonly receivedAt: number
}

/** An event behind the watermark. Its id and event time are its key: the same event again is the same row. */
export interface LateEvent extends LetterContent {
  readonly eventId: string
  readonly eventTime: number
}

/** A record that could not become an event or a row. Where it lies is its key: read again it is the same row. */
export interface DeadLetter extends LetterContent {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  /** The event's id, or else its origin. */
  readonly key: string
  readonly eventTime: number | null
}

export interface LetterPage<T, P> {
  readonly letters: readonly T[]
  readonly next: P | null
}

export type LatePosition = Pick<LateEvent, 'eventTime' | 'eventId'>
export type DeadPosition = Pick<DeadLetter, 'topic' | 'partition' | 'offset'>

interface DayPage<P> {
  /** `YYYY-MM-DD` in UTC: of the event for late events, of the arrival for dead letters. */
  readonly day: string
  readonly limit: number
  readonly after?: P | null
}

type Key = Pick<StreamDeclaration, 'name' | 'version'>
type Kept = Pick<StreamDeclaration, 'name' | 'version' | 'retentionMs'>

const insertLate = 'INSERT INTO late_events (stream, version, day, event_time, event_id, reason, detail, origin, run, value, received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) USING TTL ?'
const insertDead = 'INSERT INTO dead_letters (stream, version, day, topic, partition, topic_offset, letter_key, event_time, reason, detail, origin, run, value, received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) USING TTL ?'
const contentColumns = 'reason, detail, origin, run, value, received_at'
const selectLate = `SELECT event_time, event_id, ${contentColumns} FROM late_events WHERE stream = ? AND version = ? AND day = ?`
const selectDead = `SELECT topic, partition, topic_offset, letter_key, event_time, ${contentColumns} FROM dead_letters WHERE stream = ? AND version = ? AND day = ?`

/** Letters outlive the windows by a week, as the books do, so that what was lost can be looked into and mended. */
const letterTtl = ({ retentionMs }: Kept): number => Math.ceil(retentionMs / 1_000) + 7 * 86_400

const writesAtOnce = 16

/** Keeps what could not be counted: late events and dead letters, a partition a stream and day. */
export class LetterStore {
  constructor(private readonly session: CassandraSession) {}

  async writeLate(stream: Kept, letters: readonly LateEvent[]): Promise<void> {
    await this.#write(`writing late events of ${stream.name}`, letters.map((letter) => ({
      cql: insertLate,
      params: [stream.name, stream.version, dayOf(letter.eventTime), letter.eventTime, letter.eventId, ...contentOf(letter), letterTtl(stream)],
    })))
  }

  async writeDead(stream: Kept, letters: readonly DeadLetter[]): Promise<void> {
    await this.#write(`writing dead letters of ${stream.name}`, letters.map((letter) => ({
      cql: insertDead,
      params: [stream.name, stream.version, dayOf(letter.receivedAt), letter.topic, letter.partition, letter.offset, letter.key, letter.eventTime ?? undefined, ...contentOf(letter), letterTtl(stream)],
    })))
  }

  /** The late events of a day, latest event first. */
  async late({ name, version }: Key, { day, limit, after }: DayPage<LatePosition>): Promise<LetterPage<LateEvent, LatePosition>> {
    const head: Param[] = [name, version, day]
    const slices = after
      ? [{ cql: `${selectLate} AND event_time = ? AND event_id > ?`, params: [...head, after.eventTime, after.eventId] }, { cql: `${selectLate} AND event_time < ?`, params: [...head, after.eventTime] }]
      : [{ cql: selectLate, params: head }]
    return this.#page(slices, limit, lateOf, ({ eventTime, eventId }) => ({ eventTime, eventId }))
  }

  /** The dead letters that arrived on a day: by topic and partition, newest first. */
  async dead({ name, version }: Key, { day, limit, after }: DayPage<DeadPosition>): Promise<LetterPage<DeadLetter, DeadPosition>> {
    const head: Param[] = [name, version, day]
    const slices = after
      ? [
          { cql: `${selectDead} AND topic = ? AND partition = ? AND topic_offset < ?`, params: [...head, after.topic, after.partition, after.offset] },
          { cql: `${selectDead} AND topic = ? AND partition > ?`, params: [...head, after.topic, after.partition] },
          { cql: `${selectDead} AND topic > ?`, params: [...head, after.topic] },
        ]
      : [{ cql: selectDead, params: head }]
    return this.#page(slices, limit, deadOf, ({ topic, partition, offset }) => ({ topic, partition, offset }))
  }

  async #write(action: string, statements: readonly Statement[]): Promise<void> {
    await inTurns(statements, writesAtOnce, async ({ cql, params }) => {
      await this.session.execute(cql, params, { action })
    })
  }

  async #page<T, P>(slices: readonly Statement[], limit: number, read: (row: Row) => T, positionOf: (letter: T) => P): Promise<LetterPage<T, P>> {
    const letters: T[] = []
    for (const { cql, params } of slices)
      for await (const row of this.session.scan(cql, params, { pageRows: limit + 1 })) {
        const last = letters.at(-1)
        if (letters.length === limit && last !== undefined) return { letters, next: positionOf(last) }
        letters.push(read(row))
      }
    return { letters, next: null }
  }
}

const contentOf = ({ reason, detail, origin, run, value, receivedAt }: LetterContent): Param[] => [reason, detail, origin, run, value, receivedAt]

export const contentIn = (row: Row): LetterContent => ({
  reason: textOf(row, 'reason'),
  detail: textOf(row, 'detail'),
  origin: textOf(row, 'origin'),
  run: textOf(row, 'run'),
  value: bytesOf(row, 'value'),
  receivedAt: numberOf(row, 'received_at'),
})

export const lateOf = (row: Row): LateEvent => ({ eventTime: numberOf(row, 'event_time'), eventId: textOf(row, 'event_id'), ...contentIn(row) })

const deadOf = (row: Row): DeadLetter => ({
  topic: textOf(row, 'topic'),
  partition: numberOf(row, 'partition'),
  offset: numberOf(row, 'topic_offset'),
  key: textOf(row, 'letter_key'),
  eventTime: maybeNumber(row, 'event_time'),
  ...contentIn(row),
})
