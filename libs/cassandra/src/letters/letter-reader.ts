import type { StreamDeclaration } from '@millrace/stream-kit'
import type { CassandraSession, Statement } from '../cassandra-session.ts'
import type { LateEvent, LatePosition } from '../letter-store.ts'
import { maybeText, numberOf, textOf, type Param, type Row } from '../row.ts'
import { dayOf } from '../time-bucket.ts'
import { deadColumns, deadIn, deadKeyIn, isLetter, lateColumns, lateIn, lateKeyIn, type DeadKey, type KeptDeadLetter } from './kept-letter.ts'
import { readLetters, type LetterPlace, type LetterSpan, type LettersRead } from './read-letters.ts'

export interface LetterQuestion<T, K> {
  readonly span: LetterSpan
  /** Which letters are wanted; the others only cost their reading. */
  readonly isWanted?: (letter: T) => boolean
  readonly limit: number
  readonly at?: LetterPlace<K> | null
}

/** A letter as it is counted. */
export interface CountedLetter {
  readonly reason: string
  readonly isRedriven: boolean
}

type Key = Pick<StreamDeclaration, 'name' | 'version'>

/** What one reading may cost: letters hold up to 256 KiB each; counted ones only their reason. */
const most = { bytes: 8_388_608, looked: 5_000, days: 64, pageRows: 64 } as const
const mostCounted = { bytes: 0, looked: 20_000, days: 64, pageRows: 5_000 } as const

const fromLate = (columns: string): string => `SELECT ${columns} FROM late_events WHERE stream = ? AND version = ? AND day = ?`
const fromDead = (columns: string): string => `SELECT ${columns} FROM dead_letters WHERE stream = ? AND version = ? AND day = ?`
const [late, lateReasons] = [fromLate(lateColumns), fromLate('event_time, event_id, reason')]
const [dead, deadReasons] = [fromDead(deadColumns), fromDead('topic, partition, topic_offset, reason, received_at, redriven_run')]

/** Reads letters over a span of days, newest day first; each reading is bounded in letters, bytes, rows looked at, and days. */
export class LetterReader {
  constructor(private readonly session: CassandraSession) {}

  /** Late events by event time, the latest first. */
  async late(stream: Key, question: LetterQuestion<LateEvent, LatePosition>): Promise<LettersRead<LateEvent, LatePosition>> {
    return readLetters(this.session, question, { most, slices: lateSlices(stream, question.span, late), read: lateIn, keyIn: lateKeyIn, isInside: () => true, bytesOf: ({ value }) => value.length })
  }

  /** Dead letters by the day of their arrival; within a day by topic and partition, the newest first. */
  async dead(stream: Key, question: LetterQuestion<KeptDeadLetter, DeadKey>): Promise<LettersRead<KeptDeadLetter, DeadKey>> {
    return readLetters(this.session, question, { most, slices: deadSlices(stream, dead), read: deadIn, keyIn: deadKeyIn, isInside: arrivedIn(question.span), bytesOf: ({ value }) => value.length })
  }

  /** The same letters, without their bytes: to be counted. */
  async lateReasons(stream: Key, span: LetterSpan, at: LetterPlace<LatePosition> | null = null): Promise<LettersRead<CountedLetter, LatePosition>> {
    return readLetters(this.session, { span, at, limit: mostCounted.looked }, { most: mostCounted, slices: lateSlices(stream, span, lateReasons), read: countedIn, keyIn: lateKeyIn, isInside: () => true, bytesOf: () => 0 })
  }

  /** The same letters, without their bytes: to be counted. */
  async deadReasons(stream: Key, span: LetterSpan, at: LetterPlace<DeadKey> | null = null): Promise<LettersRead<CountedLetter, DeadKey>> {
    return readLetters(this.session, { span, at, limit: mostCounted.looked }, { most: mostCounted, slices: deadSlices(stream, deadReasons), read: countedIn, keyIn: deadKeyIn, isInside: arrivedIn(span), bytesOf: () => 0 })
  }

  /** One late event; null where it is not kept. */
  async lateOne({ name, version }: Key, { eventTime, eventId }: LatePosition): Promise<LateEvent | null> {
    const [row] = await this.session.execute(`${late} AND event_time = ? AND event_id = ?`, [name, version, dayOf(eventTime), eventTime, eventId], { action: `reading a late event of ${name}` })
    return row && isLetter(row) ? lateIn(row) : null
  }

  /** One dead letter; null where it is not kept. */
  async deadOne({ name, version }: Key, { day, topic, partition, offset }: DeadKey): Promise<KeptDeadLetter | null> {
    const [row] = await this.session.execute(`${dead} AND topic = ? AND partition = ? AND topic_offset = ?`, [name, version, day, topic, partition, offset], { action: `reading a dead letter of ${name}` })
    return row && isLetter(row) ? deadIn(row, day) : null
  }
}

type CountedArrival = CountedLetter & { readonly receivedAt: number }

const countedIn = (row: Row): CountedArrival => ({ reason: textOf(row, 'reason'), isRedriven: maybeText(row, 'redriven_run') !== null, receivedAt: 'received_at' in row ? numberOf(row, 'received_at') : 0 })

const arrivedIn = ({ from, to }: LetterSpan) => ({ receivedAt }: { readonly receivedAt: number }): boolean => receivedAt >= from && receivedAt < to

const lateSlices = ({ name, version }: Key, { from, to }: LetterSpan, cql: string) => (day: string, behind: LatePosition | null): Statement[] => {
  const head: Param[] = [name, version, day]
  const before = { cql: `${cql} AND event_time >= ? AND event_time < ?`, params: [...head, from, behind ? Math.min(behind.eventTime, to) : to] }
  return behind ? [{ cql: `${cql} AND event_time = ? AND event_id > ?`, params: [...head, behind.eventTime, behind.eventId] }, before] : [before]
}

const deadSlices = ({ name, version }: Key, cql: string) => (day: string, behind: DeadKey | null): Statement[] => {
  const head: Param[] = [name, version, day]
  if (!behind) return [{ cql, params: head }]
  const { topic, partition, offset } = behind
  return [
    { cql: `${cql} AND topic = ? AND partition = ? AND topic_offset < ?`, params: [...head, topic, partition, offset] },
    { cql: `${cql} AND topic = ? AND partition > ?`, params: [...head, topic, partition] },
    { cql: `${cql} AND topic > ?`, params: [...head, topic] },
  ]
}
