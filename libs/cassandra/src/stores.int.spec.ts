import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { CassandraSession } from './cassandra-session.ts'
import { GenerationStore } from './generation-store.ts'
import { LetterStore } from './letter-store.ts'
import { migrations } from './migrations.ts'
import { ProgressStore } from './progress-store.ts'
import { StreamStatusReader } from './stream-status-reader.ts'
import { tableDdl } from './table-ddl.ts'
import { TableReader } from './table-reader.ts'
import { nightTrains, viewOf } from './testing/night-trains.ts'
import { ownKeyspace } from './testing/own-keyspace.ts'

const hour = 3_600_000
const day = 24 * hour
const noon = Date.parse('2018-02-01T12:00:00Z')

let session: CassandraSession
let drop: () => Promise<void>

beforeAll(async () => { ({ session, drop } = await ownKeyspace(nightTrains)) })

afterAll(async () => { await drop() })

describe('generations', () => {
  const stream = { name: 'generations', version: 1 }
  const checkpoint = (generation: number) => `generations.v1.g${generation}`
  const plan = { kind: 'plan', planHash: 'abc', checkpoint }
  const states = async (store_: GenerationStore, of = stream) => (await store_.list(of)).map(({ generation, state }) => `${generation} ${state}`)

  it('get numbers that nobody else gets, however many ask at once', async () => {
    const stores = Array.from({ length: 5 }, () => new GenerationStore(session))
    const allocated = await Promise.all(stores.map((store_) => store_.allocate(stream, plan)))
    expect(allocated.map(({ generation }) => generation).sort()).toEqual([1, 2, 3, 4, 5])
    expect(allocated.every(({ generation, checkpoint: path, state, floor }) => path === checkpoint(generation) && state === 'building' && floor === null)).toBe(true)
  })

  it('with a floor leave the windows before it to the older one', async () => {
    const of = { name: 'floors', version: 1 }
    const generations = new GenerationStore(session)
    await generations.allocate(of, plan)
    await generations.promote(of, 1)
    await generations.allocate(of, plan)
    await generations.setFloor(of, 2, noon)
    await generations.promote(of, 2)
    expect(await generations.served(of)).toEqual([{ generation: 2, floor: noon }, { generation: 1, floor: null }])
    await expect(generations.setFloor(of, 2, null)).rejects.toMatchObject({ code: 'cassandra_generation_moved' })
    await generations.retire(of, 1)
    expect(await states(generations, of)).toEqual(['2 served', '1 retired'])
  })

  it('of closed ranges are promoted together with another, and replace those within them', async () => {
    const of = { name: 'ranges', version: 1 }
    const generations = new GenerationStore(session)
    const range = (from: number, to: number) => ({ ...plan, kind: 'replay', range: { from, to }, included: { [from]: 2 } })
    await generations.allocate(of, plan)
    await generations.promote(of, 1)
    for (const [from, to] of [[0, 10], [20, 30]] as const) await generations.allocate(of, range(from, to))
    await generations.promote(of, 2, { together: [3] })
    expect(await generations.served(of)).toEqual([{ generation: 3, floor: null, range: { from: 20, to: 30 }, included: { 20: 2 } }, { generation: 2, floor: null, range: { from: 0, to: 10 }, included: { 0: 2 } }, { generation: 1, floor: null }])
    expect((await generations.list(of)).map(({ promotedAt }) => (promotedAt ?? 0) > noon)).toEqual([true, true, true])
    await generations.allocate(of, range(-5, 10))
    await generations.promote(of, 4)
    expect(await states(generations, of)).toEqual(['4 served', '3 served', '2 retired', '1 served'])
  })

  it('are promoted only if nothing else was since it was decided, and again without harm', async () => {
    const of = { name: 'revisions', version: 1 }
    const generations = new GenerationStore(session)
    for (let number = 1; number <= 3; number += 1) await generations.allocate(of, plan)
    const { revision } = await generations.read(of)
    expect(revision).toBeNull()
    await generations.promote(of, 1, { revision })
    await expect(generations.promote(of, 2, { revision })).rejects.toMatchObject({ code: 'cassandra_generation_moved' })
    await generations.promote(of, 1, { revision })
    const both = await Promise.allSettled([2, 3].map(async (number) => generations.promote(of, number, { revision: 1 })))
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect((await generations.read(of)).revision).toBe(2)
  })

  it('are none for a stream that has none', async () => {
    expect(await new GenerationStore(session).list({ name: 'nobody', version: 1 })).toEqual([])
  })
})

describe('progress', () => {
  const stream = { name: 'progress', version: 1, partitions: 2 }

  it('is what every partition has reached, and never falls', async () => {
    const progress = new ProgressStore(session)
    const at = (partition: number, finalUntil: number, offset: number) => progress.write(stream, { generation: 1, partition, finalUntil, offsets: { 0: offset, 1: 5 } })
    await at(0, 200, 20)
    expect(await progress.read(stream, 1)).toBeUndefined()
    await at(1, 100, 10)
    expect(await progress.read(stream, 1)).toMatchObject({ finalUntil: 100, offsets: { 0: 10, 1: 5 } })
    await at(1, 300, 30)
    await at(0, 100, 10)
    expect(await progress.read(stream, 1)).toMatchObject({ finalUntil: 200, offsets: { 0: 20, 1: 5 } })
    expect(await progress.read(stream, 2)).toBeUndefined()
  })
})

describe('letters', () => {
  const stream = { name: 'letters', version: 1, retentionMs: day }
  const content = { reason: 'late', detail: 'd', origin: '{}', run: 'r', value: Buffer.from([0, 1, 255]), receivedAt: noon }

  it('are one row however often they are read, and paged from the latest', async () => {
    const letters = new LetterStore(session)
    const late = [0, 1, 1, 2].map((minute, index) => ({ ...content, eventId: `e${index}`, eventTime: noon + minute * 60_000 }))
    await letters.writeLate(stream, late)
    await letters.writeLate(stream, late)
    const first = await letters.late(stream, { day: '2018-02-01', limit: 2 })
    expect(first.letters.map(({ eventId }) => eventId)).toEqual(['e3', 'e1'])
    expect(first.letters[0]).toEqual(late[3])
    const rest = await letters.late(stream, { day: '2018-02-01', limit: 2, after: first.next })
    expect([rest.letters.map(({ eventId }) => eventId), rest.next]).toEqual([['e2', 'e0'], null])
  })

  it('that are dead are found by where they lie', async () => {
    const letters = new LetterStore(session)
    const dead = ['a', 'b'].flatMap((topic) => [0, 1].flatMap((partition) => [7, 8].map((offset) => ({ ...content, topic, partition, offset, key: 'k', eventTime: null }))))
    await letters.writeDead(stream, [...dead, ...dead])
    const seen: string[] = []
    for (let after: { topic: string; partition: number; offset: number } | null = null; ;) {
      const page = await letters.dead(stream, { day: '2018-02-01', limit: 3, after })
      seen.push(...page.letters.map(({ topic, partition, offset }) => `${topic}${partition}${offset}`))
      if (!page.next) break
      after = page.next
    }
    expect(seen).toEqual(['a08', 'a07', 'a18', 'a17', 'b08', 'b07', 'b18', 'b17'])
  })
})

describe('a stream that ingestion writes', () => {
  it('is read with its status and its books', async () => {
    const stream = { name: 'books', version: 1 }
    const reader = new StreamStatusReader(session)
    expect(await reader.read(stream)).toBeUndefined()
    await session.execute(`UPDATE streams SET epoch = 3, seq = 9, watermark = -5, highest = 7, published_offsets = '{"0":"12","1":"3"}', paused = true, total_fetched = 4 WHERE stream = 'books' AND version = 1`)
    expect(await reader.read(stream)).toMatchObject({ epoch: 3, seq: 9, pending: null, watermark: -5, highest: 7, publishedOffsets: { 0: 12, 1: 3 }, isPaused: true, totals: { fetched: 4, late: 0 } })
    for (const bucket of [new Date(noon).toISOString(), new Date(noon + hour).toISOString(), 'none']) await session.execute('UPDATE streams SET fetched = 5 WHERE stream = ? AND version = ? AND bucket = ?', ['books', 1, bucket])
    expect((await reader.books(stream)).map((book) => book.hour)).toEqual([noon, noon + hour, null])
    expect(await reader.books(stream, { from: noon, to: noon + hour })).toMatchObject([{ hour: noon, fetched: 5, rejected: 0 }])
  })
})

describe('tables', () => {
  it('as made are as declared, and one that lacks a measure gains it', async () => {
    const tables = await new TableReader(session).tables()
    for (const wanted of nightTrains.views.flatMap((view) => tableDdl(nightTrains, view))) expect(migrations(tables.get(wanted.name), wanted)).toEqual([])
    const [wanted] = tableDdl(nightTrains, viewOf('kinds'))
    if (!wanted) throw new Error('no table')
    const grown = { ...wanted, columns: [...wanted.columns, { name: 'token', type: 'bigint', role: 'regular' as const }], ttlSeconds: 60 }
    for (const cql of migrations(tables.get(wanted.name), grown)) await session.define(cql)
    expect(migrations((await new TableReader(session).tables()).get(wanted.name), grown)).toEqual([])
  })
})

describe('a session', () => {
  it('says whether a lightweight transaction was applied, and what stood against it', async () => {
    const claim = (epoch: number) => session.decide({ cql: 'UPDATE streams SET epoch = ? WHERE stream = ? AND version = ? IF epoch = null', params: [epoch, 'decide', 1] })
    expect(await claim(1)).toEqual({ applied: true, current: [] })
    expect(await claim(2)).toEqual({ applied: false, current: [{ '[applied]': false, epoch: 1 }] })
  })

  it('refuses as a lightweight transaction what is none', async () => {
    await expect(session.decide({ cql: 'UPDATE streams SET epoch = 1 WHERE stream = ? AND version = ?', params: ['decide', 2] })).rejects.toThrow('expected a conditional statement')
  })

  it('reads results of many pages whole', async () => {
    await session.batch(Array.from({ length: 50 }, (_, index) => ({ cql: 'UPDATE streams SET late = ? WHERE stream = ? AND version = ? AND bucket = ?', params: [index, 'pages', 1, String(index).padStart(2, '0')] })))
    const rows = []
    for await (const row of session.scan('SELECT late FROM streams WHERE stream = ? AND version = ?', ['pages', 1], { pageRows: 7 })) rows.push(row['late'])
    expect(rows).toEqual([...Array(50).keys()])
  })

  it('names a missing table and the command that makes it', async () => {
    await expect(session.execute('SELECT x FROM nowhere')).rejects.toMatchObject({ code: 'cassandra_schema_missing', retry: 'later', message: `SELECT x FROM nowhere: Cassandra at ${session.settings.contactPoints.join(', ')}: table nowhere does not exist. Make the tables with: node apps/provision/dist/main.mjs apply.` })
  })
})
