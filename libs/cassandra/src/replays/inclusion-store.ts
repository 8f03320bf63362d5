import type { StreamDeclaration } from '@millrace/stream-kit'
import type { CassandraSession, Statement } from '../cassandra-session.ts'
import type { EventRange, Generation } from '../generation.ts'
import { inTurns } from '../in-turns.ts'
import { lateOf, type LateEvent } from '../letter-store.ts'
import { bytesOf, numberOf, textOf, type Row } from '../row.ts'
import { dayOf } from '../time-bucket.ts'

/** A late event as a generation counts it. */
export interface ChosenEvent {
  readonly eventId: string
  readonly eventTime: number
  /** As its record would be on the topic. */
  readonly value: Buffer
}

/** A late event that was chosen, by which generation, and when. */
export interface Inclusion extends ChosenEvent {
  readonly generation: number
  readonly chosenAt: number
}

type Key = Pick<StreamDeclaration, 'name' | 'version'>
type Kept = Pick<StreamDeclaration, 'name' | 'version' | 'retentionMs'>

const insert = 'INSERT INTO inclusions (stream, version, day, event_time, event_id, generation, value, chosen_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) USING TTL ?'
const span = 'stream = ? AND version = ? AND day = ? AND event_time >= ? AND event_time < ?'
const selectChosen = `SELECT event_time, event_id, generation, value, chosen_at FROM inclusions WHERE ${span}`
const selectLate = `SELECT event_time, event_id, reason, detail, origin, run, value, received_at FROM late_events WHERE ${span}`

const selectIds = `SELECT event_time, event_id, generation FROM inclusions WHERE ${span}`

const dayMs = 86_400_000
const writesAtOnce = 16
const pageRows = 500

/** Late events and the generations that count them. */
export class InclusionStore {
  constructor(private readonly session: CassandraSession) {}

  /** Says that a generation counts these events. It holds when the generation is promoted, in the same transaction. */
  async choose(stream: Kept, generation: number, events: readonly ChosenEvent[]): Promise<void> {
    // As letters do, so that what is included outlives every window that counts it.
    const ttlSeconds = Math.ceil(stream.retentionMs / 1_000) + 7 * 86_400
    await inTurns(events, writesAtOnce, async ({ eventId, eventTime, value }) => {
      await this.session.execute(insert, [stream.name, stream.version, dayOf(eventTime), eventTime, eventId, generation, value, Date.now(), ttlSeconds], { action: `choosing late events of ${stream.name}` })
    })
  }

  /** Everything that was ever chosen in a range of event time, whether it is included or not: see `included`. */
  async *chosen(stream: Key, range: EventRange): AsyncGenerator<Inclusion, void, void> {
    yield* this.#each(stream, range, selectChosen, inclusionOf)
  }

  /** The late events of a range of event time. */
  async *late(stream: Key, range: EventRange): AsyncGenerator<LateEvent, void, void> {
    yield* this.#each(stream, range, selectLate, lateOf)
  }

  /** The generations that have first counted these events, by event id; of those that count nowhere there is none. */
  async generationsOf(stream: Key, events: readonly Pick<LateEvent, 'eventId' | 'eventTime'>[], generations: readonly Pick<Generation, 'generation' | 'promotedAt'>[]): Promise<ReadonlyMap<string, number>> {
    const times = events.map(({ eventTime }) => eventTime)
    if (times.length === 0 || generations.every(({ promotedAt }) => promotedAt === undefined)) return new Map()
    const chosen: Pick<Inclusion, 'eventId' | 'generation'>[] = []
    for await (const one of this.#each(stream, { from: Math.min(...times), to: Math.max(...times) + 1 }, selectIds, (row) => ({ eventId: textOf(row, 'event_id'), generation: numberOf(row, 'generation') }))) chosen.push(one)
    return new Map([...included(chosen, generations)].map(([id, { generation }]) => [id, generation]))
  }

  async *#each<T>({ name, version }: Key, { from, to }: EventRange, cql: string, read: (row: Row) => T): AsyncGenerator<T, void, void> {
    for (const { params } of days(name, version, { from, to }))
      for await (const row of this.session.scan(cql, params ?? [], { pageRows, action: `reading late events of ${name}` })) yield read(row)
  }
}

/** Of what was chosen, what a promoted generation counts: each event once, and by the first that did. */
export function included<T extends Pick<Inclusion, 'eventId' | 'generation'>>(chosen: Iterable<T>, generations: readonly Pick<Generation, 'generation' | 'promotedAt'>[]): Map<string, T> {
  const promoted = new Set(generations.filter(({ promotedAt }) => promotedAt !== undefined).map(({ generation }) => generation))
  const found = new Map<string, T>()
  for (const one of chosen) {
    const before = found.get(one.eventId)
    if (promoted.has(one.generation) && (before === undefined || one.generation < before.generation)) found.set(one.eventId, one)
  }
  return found
}

function* days(name: string, version: number, { from, to }: EventRange): Generator<Omit<Statement, 'cql'>> {
  for (let day = Math.floor(from / dayMs) * dayMs; day < to; day += dayMs) yield { params: [name, version, dayOf(day), from, to] }
}

const inclusionOf = (row: Row): Inclusion => ({
  eventId: textOf(row, 'event_id'),
  eventTime: numberOf(row, 'event_time'),
  generation: numberOf(row, 'generation'),
  value: bytesOf(row, 'value'),
  chosenAt: numberOf(row, 'chosen_at'),
})
