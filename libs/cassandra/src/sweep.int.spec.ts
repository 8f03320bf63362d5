import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { CassandraRunStore, type Run } from './ingestion/run-store.ts'
import { noCounts } from './ingestion/stream-store.ts'
import { mostSwept } from './ingestion/sweep-runs.ts'
import { LetterStore, type DeadLetter, type LateEvent } from './letter-store.ts'
import { LetterSweep } from './letter-sweep.ts'
import type { CassandraSession } from './cassandra-session.ts'
import { inTurns } from './in-turns.ts'
import { nightTrains } from './testing/night-trains.ts'
import { ownKeyspace } from './testing/own-keyspace.ts'

const day = 86_400_000
const now = Date.now()

let session: CassandraSession
let drop: () => Promise<void>

beforeAll(async () => { ({ session, drop } = await ownKeyspace(nightTrains)) })
afterAll(async () => { await drop() })

describe('old runs', () => {
  let runs: CassandraRunStore
  beforeEach(async () => {
    runs = new CassandraRunStore(session)
    for (const table of ['runs', 'run_keys', 'open_runs']) await session.define(`TRUNCATE ${table}`)
  })

  /** A run, and the key that has started it. `updated_at` is when it was saved last. */
  async function enter(id: string, state: Run['state'], endedAt: number): Promise<void> {
    await runs.create({ id, stream: 's', version: 1, range: null, state: 'queued', counts: noCounts, offsets: {}, error: null, createdAt: endedAt - 60_000 })
    await runs.claim({ caller: 'c', key: id, fingerprint: 'f', runId: id, createdAt: endedAt - 60_000 })
    await session.decide({ cql: 'UPDATE runs SET state = ?, updated_at = ? WHERE id = ? IF EXISTS', params: [state, endedAt, id] })
  }
  const left = async () => (await session.execute('SELECT id FROM runs')).map(({ id }) => String(id)).sort()
  const keysLeft = async () => (await session.execute('SELECT key FROM run_keys')).map(({ key }) => String(key)).sort()

  it('go with their keys when they have ended before; all others stay', async () => {
    const before = now - 7 * day
    for (const [id, state, endedAt] of [['succeeded', 'succeeded', before - 1], ['failed', 'failed', before - day], ['abandoned', 'abandoned', before - 1], ['young', 'succeeded', before], ['running', 'running', before - day], ['queued', 'queued', before - day]] as const) await enter(id, state, endedAt)
    expect(await runs.sweep({ before, isDryRun: true })).toEqual({ removed: 3, kept: 3 })
    expect((await left()).length).toBe(6)
    expect(await runs.sweep({ before, isDryRun: false })).toEqual({ removed: 3, kept: 3 })
    expect([await left(), await keysLeft()]).toEqual([['queued', 'running', 'young'], ['queued', 'running', 'young']])
    expect(await runs.sweep({ before, isDryRun: false })).toEqual({ removed: 0, kept: 3 })
  })

  it('lose their key before themselves, so that a sweep which stops half-way starts nothing twice', async () => {
    await enter('old', 'succeeded', now - 8 * day)
    const decide = session.decide.bind(session)
    const decided: string[] = []
    const stopping = Object.assign(Object.create(session) as CassandraSession, {
      decide: (...args: Parameters<CassandraSession['decide']>) => {
        const [statement] = args
        const cql = 'cql' in statement ? statement.cql : ''
        decided.push(cql.slice(0, 'DELETE FROM run_keys'.length))
        return cql.startsWith('DELETE FROM runs') ? Promise.reject(new Error('stopped')) : decide(...args)
      },
      scan: session.scan.bind(session),
    })
    await expect(new CassandraRunStore(stopping).sweep({ before: now, isDryRun: false })).rejects.toThrow('stopped')
    expect([decided[0], await keysLeft(), await left()]).toEqual(['DELETE FROM run_keys', [], ['old']])
    expect(await runs.sweep({ before: now, isDryRun: false })).toEqual({ removed: 1, kept: 0 })
  })

  it('go at most so many at once', async () => {
    await inTurns(Array.from({ length: mostSwept + 20 }, (_, at) => `r${at}`), 32, async (id) => {
      await session.execute("INSERT INTO runs (id, stream, version, state, counts, offsets, created_at) VALUES (?, 's', 1, 'succeeded', '{}', '{}', ?)", [id, now - 9 * day])
    })
    expect(await runs.sweep({ before: now, isDryRun: false })).toEqual({ removed: mostSwept, kept: 20 })
    expect(await runs.sweep({ before: now, isDryRun: false })).toEqual({ removed: 20, kept: 0 })
  })
})

describe('old letters', () => {
  const content = { reason: 'late', detail: '', origin: '{}', run: 'r', value: Buffer.from('x') }
  const kept = { ...nightTrains, retentionMs: 400 * day }
  const late = (eventTime: number, receivedAt: number, eventId = 'e'): LateEvent => ({ ...content, eventId, eventTime, receivedAt })
  const dead = (receivedAt: number, offset: number): DeadLetter => ({ ...content, topic: 't', partition: 0, offset, key: 'k', eventTime: null, receivedAt })

  it('go by whole days: dead ones by their arrival, late ones when none of the day has come since', async () => {
    const letters = new LetterStore(session)
    const midnight = Math.floor(now / day) * day
    const before = midnight - 30 * day
    await letters.writeDead(kept, [dead(before - 1, 1), dead(before - day, 2), dead(before - day + 5, 3), dead(before, 4), dead(now, 5)])
    await letters.writeLate(kept, [late(before - 400 * day, before - 1, 'a'), late(before - 400 * day, before - 5 * day, 'b'), late(before - 800 * day, before - day, 'c'), late(before - 800 * day, now, 'd'), late(now, now, 'e')])
    const expected = { deadLetters: { removed: 3, kept: 2 }, lateEvents: { removed: 2, kept: 3 } }
    const sweep = new LetterSweep(session)
    expect(await sweep.sweep({ before, isDryRun: true })).toEqual(expected)
    expect(await sweep.sweep({ before, isDryRun: false })).toEqual(expected)
    expect((await session.execute('SELECT topic_offset FROM dead_letters')).map((row) => row['topic_offset']).sort()).toEqual([4, 5])
    expect((await session.execute('SELECT event_id FROM late_events')).map((row) => row['event_id']).sort()).toEqual(['c', 'd', 'e'])
    expect(await sweep.sweep({ before, isDryRun: false })).toEqual({ deadLetters: { removed: 0, kept: 2 }, lateEvents: { removed: 0, kept: 3 } })
  })
})
