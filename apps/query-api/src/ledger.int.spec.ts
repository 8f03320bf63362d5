import { randomBytes } from 'node:crypto'
import { CassandraSession, cassandraSettings, CassandraStreamStore, controlTables, GenerationStore, keyspaceDdl, noCounts, ProgressStore, tableDdl, WindowWriter, type Counts, type StoredWindow } from '@millrace/cassandra'
import { PageTokens, type LedgerAnswer } from '@millrace/rest'
import { readSettings, waitUntil } from '@millrace/service'
import { earthquakes } from '@millrace/streams'
import { testService } from '@millrace/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { QueryApiModule } from './query-api.module.ts'
import { patienceMs } from './within.ts'

const hour = 3_600_000
const start = Date.parse('2018-02-01T00:00:00Z')
const settings = { ...readSettings(cassandraSettings('admin')), keyspace: `ledger_${randomBytes(4).toString('hex')}` }
const counts: Counts = { fetched: 9, fresh: 6, repeated: 2, rejected: 1, published: 5, late: 1 }
const bucket = (at: number): string => new Date(start + at * hour).toISOString()

let session: CassandraSession
let app: NestFastifyApplication

/** The rows of an hour in which five events were counted. */
const rowsOf = (at: number, generation = 1): StoredWindow[] => {
  const window = { start: start + at * hour, end: start + (at + 1) * hour, generation, measures: {} }
  return [{ ...window, view: 'per-hour', group: ['ci'], events: 3 }, { ...window, view: 'per-hour', group: ['nc'], events: 2 }, { ...window, view: '_ledger', group: [], events: 5 }]
}
const store = async (rows: readonly StoredWindow[]): Promise<void> => {
  const writer = new WindowWriter(session, earthquakes)
  await writer.write(rows.map((window) => writer.rowOf(window)))
}

beforeAll(async () => {
  const maker = await CassandraSession.open(settings, { isImpatient: true, usesKeyspace: false })
  await maker.define(keyspaceDdl(settings))
  await maker.close()
  session = await CassandraSession.open(settings, { isImpatient: true })
  for (const { cql } of [...controlTables, ...earthquakes.views.flatMap((view) => tableDdl(earthquakes, view))]) await session.define(cql)

  // As ingestion writes them: books, watermark and offsets in one move.
  const streams = new CassandraStreamStore(session)
  await streams.takeLease(earthquakes, { epoch: 0, pending: null, seq: 0 }, { owner: 'spec', leaseUntil: 1 })
  const books = Object.fromEntries([...Array.from({ length: 96 }, (_, at): [string, Counts] => [bucket(at), counts]), ['none', { ...noCounts, fetched: 2, rejected: 2 }]])
  await streams.move(earthquakes, { epoch: 1, seq: 0, hasPage: false }, { cursor: '{}', watermark: start + 90 * hour, highest: start + 95 * hour + 7, publishedOffsets: { 0: '480' }, totals: counts, books, booksTtlSeconds: 3_600, leaseUntil: 1 })
  const generations = new GenerationStore(session)
  await generations.allocate(earthquakes, { kind: 'plan', planHash: 'a', checkpoint: 'g1' })
  await generations.promote(earthquakes, 1)
  for (const partition of [0, 1]) await new ProgressStore(session).write(earthquakes, { generation: 1, partition, finalUntil: start + 90 * hour, offsets: { 0: 480 } })
  await store(Array.from({ length: 96 }, (_, at) => rowsOf(at)).flat())

  app = await testService(QueryApiModule, {
    override: (builder) => builder
      .overrideProvider(CassandraSession).useFactory({ factory: () => CassandraSession.connect(settings, { requestTimeoutMs: patienceMs }) })
      .overrideProvider(PageTokens).useValue(new PageTokens(randomBytes(32))),
  })
  await waitUntil(async () => (await app.inject('/health/ready')).statusCode === 200, { deadlineMs: 10_000, what: 'the app to be ready' })
})
afterAll(async () => {
  await app.close()
  await session.define(`DROP KEYSPACE ${settings.keyspace}`)
  await session.close()
})

async function ledger(query = ''): Promise<LedgerAnswer> {
  const answer = await app.inject(`/v1/streams/earthquakes/ledger${query}`)
  if (answer.statusCode !== 200) throw new Error(`${answer.statusCode} ${answer.body}`)
  return answer.json()
}
const whole = '?from=2018-02-01T00:00:00Z'

describe('the ledger on the real Cassandra', () => {
  it('balances what ingestion has booked with what was stored, hour by hour', async () => {
    const { data, ...answer } = await ledger(whole)
    expect(answer).toEqual({ stream: 'earthquakes', version: 1, generation: 1, finalUntil: bucket(90), summary: { open: 6, balanced: 91, unbalanced: 0, expired: 0 }, page: { next: null } })
    expect(data.map((one) => one.bucket)).toEqual([...Array.from({ length: 96 }, (_, at) => bucket(at)), 'none'])
    expect(data[0]).toEqual({ bucket: bucket(0), state: 'balanced', ...counts, included: 0, aggregated: 5, views: { 'per-hour': 5 }, differences: [] })
    expect(data.at(-1)).toEqual({ bucket: 'none', state: 'balanced', ...noCounts, fetched: 2, rejected: 2, included: 0, aggregated: null, views: {}, differences: [] })
  })

  it('is that of the last day when it is not asked for another', async () => {
    const { data } = await ledger()
    expect([data.length, data[0]?.bucket, data.at(-2)?.bucket]).toEqual([25, bucket(72), bucket(95)])
  })

  it('tells a row that was lost, and one too many, from the rest', async () => {
    await session.execute("DELETE FROM earthquakes_per_hour_v1_by_time WHERE day = '2018-02-02' AND window_start = ? AND network = 'nc' AND generation = 1", [start + 30 * hour])
    await store([{ ...rowsOf(40)[0], group: ['zz'], events: 1 } as StoredWindow])
    await session.execute("DELETE FROM earthquakes__ledger_v1 WHERE day = '2018-02-03' AND window_start = ? AND generation = 1", [start + 50 * hour])
    const { data, summary } = await ledger(whole)
    expect(summary).toMatchObject({ unbalanced: 3, balanced: 88 })
    expect(data.filter(({ state }) => state === 'unbalanced').map((one) => [one.bucket, one.differences])).toEqual([
      [bucket(30), [{ equation: 'aggregated = Σ per-hour', left: 5, right: 3 }]],
      [bucket(40), [{ equation: 'aggregated = Σ per-hour', left: 5, right: 6 }]],
      [bucket(50), [{ equation: 'published = aggregated', left: 5, right: 0 }, { equation: 'aggregated = Σ per-hour', left: 0, right: 5 }]],
    ])
  })

  it('counts below the floor of a promoted generation the rows of the one before, and above it its own', async () => {
    const generations = new GenerationStore(session)
    await generations.allocate(earthquakes, { kind: 'rebuild', planHash: 'b', checkpoint: 'g2' })
    await generations.setFloor(earthquakes, 2, start + 60 * hour + 1)
    await store(Array.from({ length: 36 }, (_, at) => rowsOf(at + 60, 2)).flat().map((row) => (row.start === start + 60 * hour ? { ...row, events: 1 } : row)))
    await store([{ ...rowsOf(70, 2)[0], group: ['zz'], events: 1 } as StoredWindow])
    for (const partition of [0, 1]) await new ProgressStore(session).write(earthquakes, { generation: 2, partition, finalUntil: start + 92 * hour, offsets: { 0: 480 } })
    await generations.promote(earthquakes, 2)
    const answer = await waitUntil(async () => {
      const now = await ledger(whole)
      return now.generation === 2 && now
    }, { deadlineMs: 2_000, what: 'the promoted generation' })
    expect(answer.summary).toEqual({ open: 4, balanced: 89, unbalanced: 4, expired: 0 })
    expect(answer.data.filter(({ state }) => state === 'unbalanced').map((one) => one.bucket)).toEqual([bucket(30), bucket(40), bucket(50), bucket(70)])
  })

  it('does not ask an older generation for a view that it never had', async () => {
    const { rows } = await session.execute("SELECT day, window_start, network, generation FROM earthquakes_per_hour_v1_by_time").then((all) => ({ rows: all.filter(({ generation }) => generation === 1) }))
    for (const { day, window_start: at, network } of rows) await session.execute('DELETE FROM earthquakes_per_hour_v1_by_time WHERE day = ? AND window_start = ? AND network = ? AND generation = 1', [day, at, network])
    await app.close()
    app = await testService(QueryApiModule, { override: (builder) => builder.overrideProvider(CassandraSession).useFactory({ factory: () => CassandraSession.connect(settings) }).overrideProvider(PageTokens).useValue(new PageTokens(randomBytes(32))) })
    await waitUntil(async () => (await app.inject('/health/ready')).statusCode === 200, { deadlineMs: 10_000, what: 'the app to be ready' })
    const { data } = await ledger(whole)
    expect([data[0]?.views, data[60]?.views, data[61]?.views]).toEqual([{}, {}, { 'per-hour': 5 }])
    expect(data.filter(({ state }) => state === 'unbalanced').map((one) => one.bucket)).toEqual([bucket(50), bucket(70)])
  })

  it('goes on with a token where a range is longer than a week', async () => {
    const first = await ledger('?from=2018-01-25T00:00:00Z&to=2018-02-02T00:00:00Z')
    expect([first.data.length, first.page.next === null]).toEqual([0, false])
    const second = await ledger(`?from=2018-01-25T00:00:00Z&to=2018-02-02T00:00:00Z&cursor=${first.page.next ?? ''}`)
    expect([second.data.length, second.data[0]?.bucket, second.page.next]).toEqual([25, bucket(0), null])
  })
})
