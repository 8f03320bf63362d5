import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { CassandraSession } from '../cassandra-session.ts'
import { addedColumns } from '../migrations.ts'
import { storeTables } from '../control-ddl.ts'
import { LetterStore, type DeadLetter, type LateEvent, type LatePosition } from '../letter-store.ts'
import { TableReader } from '../table-reader.ts'
import { nightTrains } from '../testing/night-trains.ts'
import { ownKeyspace } from '../testing/own-keyspace.ts'
import type { DeadKey, KeptDeadLetter } from './kept-letter.ts'
import { LetterReader } from './letter-reader.ts'
import type { LetterPlace } from './read-letters.ts'

const day = 86_400_000
const start = Date.parse('2018-02-01T00:00:00Z')
const stream = { name: 'letters', version: 1, retentionMs: day }
const content = { detail: 'd', origin: '{}', run: 'r', value: Buffer.from([0, 1, 255]) }
const late = (n: number, eventTime: number, reason = 'late'): LateEvent => ({ ...content, reason, eventId: `e${n}`, eventTime, receivedAt: start })
const dead = (topic: string, offset: number, receivedAt: number, reason = 'schema'): DeadLetter => ({ ...content, reason, topic, partition: 0, offset, key: 'k', eventTime: null, receivedAt })
const span = { from: start - day, to: start + 2 * day }

let session: CassandraSession
let drop: () => Promise<void>
let reader: LetterReader

beforeAll(async () => {
  ({ session, drop } = await ownKeyspace(nightTrains))
  reader = new LetterReader(session)
  const letters = new LetterStore(session)
  await letters.writeLate(stream, [late(1, start + 5), late(2, start + 5), late(3, start + 6), late(4, start + day), late(5, start - 1, 'backfill'), late(6, start + 2 * day)])
  await letters.writeDead(stream, [dead('b', 8, start + 5), dead('b', 9, start + 6), dead('a', 1, start + 7), dead('a', 2, start + day, 'revised'), dead('a', 0, start - 1), dead('a', 3, start + 2 * day)])
})
afterAll(async () => { await drop() })

/** All of it, one letter at a time. */
async function pages<T, K>(read: (at: LetterPlace<K> | null) => Promise<{ letters: readonly T[]; next: LetterPlace<K> | null }>): Promise<T[]> {
  const all: T[] = []
  for (let at: LetterPlace<K> | null = null; ;) {
    const { letters, next } = await read(at)
    all.push(...letters)
    if (!next) return all
    at = next
  }
}

describe('letters of a span', () => {
  it('that are late are read from the latest event on, whatever fits in one reading', async () => {
    for (const limit of [1, 2, 100]) expect((await pages<LateEvent, LatePosition>((at) => reader.late(stream, { span, limit, at }))).map(({ eventId }) => eventId)).toEqual(['e4', 'e3', 'e1', 'e2', 'e5'])
    expect((await reader.late(stream, { span: { from: start + 6, to: start + day }, limit: 9 })).letters).toEqual([late(3, start + 6)])
  })

  it('that are dead are read from the newest day on', async () => {
    const shown = ({ topic, offset }: DeadLetter) => `${topic}${offset}`
    for (const limit of [1, 3, 100]) expect((await pages<KeptDeadLetter, DeadKey>((at) => reader.dead(stream, { span, limit, at }))).map(shown)).toEqual(['a2', 'a1', 'b9', 'b8', 'a0'])
    expect((await reader.dead(stream, { span: { from: start + 6, to: start + day }, limit: 9 })).letters.map(shown)).toEqual(['a1', 'b9'])
    expect((await reader.dead(stream, { span, limit: 9, isWanted: ({ reason }) => reason === 'revised' })).letters.map(shown)).toEqual(['a2'])
  })

  it('are counted without their bytes', async () => {
    expect((await reader.lateReasons(stream, span)).letters.map(({ reason }) => reason)).toEqual(['late', 'late', 'late', 'late', 'backfill'])
    expect((await reader.deadReasons(stream, span)).letters.map(({ reason }) => reason).sort()).toEqual(['revised', 'schema', 'schema', 'schema', 'schema'])
  })

  it('are found one by one', async () => {
    expect(await reader.lateOne(stream, { eventTime: start + 6, eventId: 'e3' })).toEqual(late(3, start + 6))
    expect(await reader.lateOne(stream, { eventTime: start + 6, eventId: 'e1' })).toBeNull()
    expect(await reader.deadOne(stream, { day: '2018-02-02', topic: 'a', partition: 0, offset: 2 })).toEqual({ ...dead('a', 2, start + day, 'revised'), day: '2018-02-02', attempts: 0, lastAttempt: null, redriven: null })
    expect(await reader.deadOne(stream, { day: '2018-02-01', topic: 'a', partition: 0, offset: 2 })).toBeNull()
  })
})

describe('a keyspace of before', () => {
  it('gets the columns that letters have gained, and its letters are read on', async () => {
    const added = storeTables.find(({ name }) => name === 'dead_letters')?.added ?? []
    for (const { name } of added) await session.define(`ALTER TABLE dead_letters DROP ${name}`)
    const [table, existing] = [storeTables.find(({ name }) => name === 'dead_letters'), (await new TableReader(session).tables()).get('dead_letters')]
    if (!table || !existing) throw new Error('no table')
    const cql = addedColumns(existing, table)
    expect(cql).toHaveLength(4)
    for (const one of cql) await session.define(one)
    expect((await reader.dead(stream, { span, limit: 9 })).letters).toHaveLength(5)
  })
})
