import { deflateRawSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { CassandraSession } from '../cassandra-session.ts'
import { nightTrains } from '../testing/night-trains.ts'
import { ownKeyspace } from '../testing/own-keyspace.ts'
import { SeenReader } from './seen-reader.ts'
import { CassandraSeenStore } from './seen-store.ts'

const stream = { name: 'seen', version: 1 }
const hour = 3_600_000
const start = Date.parse('2018-02-01T10:00:00Z')
const [a, b, c] = ['AAAAAAAAAAAAAAAAAAAAAA', 'BBBBBBBBBBBBBBBBBBBBBA', 'CCCCCCCCCCCCCCCCCCCCCA'] as const
const ids = (...all: readonly string[]): Buffer => Buffer.concat(all.map((id) => Buffer.from(id, 'base64url')))
const places = (...all: readonly unknown[]): Buffer => deflateRawSync(JSON.stringify({ run: 'r', fields: ['at', 'n'], places: all }))
const at = (ms: number): string => new Date(ms).toISOString()

let session: CassandraSession
let drop: () => Promise<void>

beforeAll(async () => {
  ({ session, drop } = await ownKeyspace(nightTrains))
  await session.execute(`UPDATE streams SET cursor = '{"seenBucketMs":600000}' WHERE stream = 'seen' AND version = 1`)
  await session.execute('UPDATE streams SET fresh = 3 WHERE stream = ? AND version = ? AND bucket = ?', ['seen', 1, at(start)])
  const store = new CassandraSeenStore(session)
  await store.write(stream, { epoch: 1, seq: 5 }, [{ bucket: at(start + 600_000), ids: ids(a, b), contents: Buffer.alloc(12), places: places([1, 42, start, 'x'], ['late']) }], 600)
  await store.write(stream, { epoch: 1, seq: 9 }, [{ bucket: at(start + 600_000), ids: ids(a), contents: Buffer.alloc(6), places: places(['revised']) }], 600)
  await store.write(stream, { epoch: 1, seq: 3 }, [{ bucket: at(start), ids: ids(c), contents: Buffer.alloc(6) }], 600)
})
afterAll(async () => { await drop() })

describe('an event among the judged ids', () => {
  it('is found with its page and its place, with or without its time', async () => {
    const reader = new SeenReader(session)
    const published = { found: { epoch: 1, seq: 5, bucket: at(start + 600_000), run: 'r', place: { kind: 'published', partition: 1, offset: 42, fields: { at: start, n: 'x' } } }, isComplete: true }
    for (const time of [null, start + 700_000, start + 1_300_000]) expect(await reader.find(stream, a, time)).toEqual(published)
    expect(await reader.find(stream, a, start + 2 * hour)).toEqual({ found: null, isComplete: true })
    expect((await reader.find(stream, b, null)).found?.place).toEqual({ kind: 'late' })
    expect((await reader.find(stream, c, null)).found).toEqual({ epoch: 1, seq: 3, bucket: at(start), run: null, place: null })
  })

  it('has no offset any more once its topic was made anew, until it is an event of the new one', async () => {
    const topic = (incarnation: number) => session.execute('UPDATE streams SET topic = ? WHERE stream = ? AND version = ?', [JSON.stringify({ incarnation }), 'seen', 1])
    const offset = async () => (await new SeenReader(session).find(stream, a, start + 600_000)).found?.place
    await topic(1)
    expect(await offset()).toMatchObject({ kind: 'published', partition: 1, offset: null })
    await topic(0)
    expect(await offset()).toMatchObject({ offset: 42 })
  })

  it('is not there under another id, not even one that lies across two', async () => {
    const reader = new SeenReader(session)
    const across = ids(a, b).subarray(8, 24).toString('base64url')
    expect(await reader.find(stream, across, null)).toEqual({ found: null, isComplete: true })
    expect(await reader.find({ name: 'nobody', version: 1 }, a, null)).toEqual({ found: null, isComplete: true })
  })
})
