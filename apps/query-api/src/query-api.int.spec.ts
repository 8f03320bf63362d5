import { randomBytes } from 'node:crypto'
import { CassandraSession, cassandraSettings, controlTables, GenerationStore, keyspaceDdl, ProgressStore, tableDdl, WindowWriter, type StoredWindow } from '@millrace/cassandra'
import { PageTokens } from '@millrace/rest'
import { RateLimit, readSettings, waitUntil } from '@millrace/service'
import { earthquakes } from '@millrace/streams'
import { testService } from '@millrace/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { freezingProxy, type FreezingProxy } from './freezing-proxy.fixture.ts'
import { QueryApiModule } from './query-api.module.ts'
import { patienceMs } from './within.ts'

const hour = 3_600_000
const start = Date.parse('2018-02-01T00:00:00Z')
const settings = { ...readSettings(cassandraSettings('admin')), keyspace: `query_api_${randomBytes(4).toString('hex')}` }
const networks = ['ci', 'nc', 'a/b', "o'b ü"]
const quakes = (generation: number): StoredWindow[] =>
  Array.from({ length: 72 }, (_, at) => networks.map((network, index): StoredWindow => ({
    view: 'per-hour', group: [network], start: start + at * hour, end: start + (at + 1) * hour, events: 1 + at + index + 100 * generation, generation, measures: index === 0 ? { meanDepthKm: at } : { strongest: at / 10, meanDepthKm: at },
  }))).flat()

let session: CassandraSession
let app: NestFastifyApplication | undefined
let proxy: FreezingProxy | undefined

beforeAll(async () => {
  const maker = await CassandraSession.open(settings, { isImpatient: true, usesKeyspace: false })
  await maker.define(keyspaceDdl(settings))
  await maker.close()
  session = await CassandraSession.open(settings, { isImpatient: true })
  for (const { cql } of [...controlTables, ...earthquakes.views.flatMap((view) => tableDdl(earthquakes, view))]) await session.define(cql)
  const writer = new WindowWriter(session, earthquakes)
  const generations = new GenerationStore(session)
  await writer.write([...quakes(1), ...quakes(2), { view: '_ledger', group: [], start, end: start + hour, events: 12, generation: 1, measures: {} }].map((window) => writer.rowOf(window)))
  for (const generation of [1, 2]) await generations.allocate(earthquakes, { kind: 'plan', planHash: 'abc', checkpoint: `g${generation}` })
  await generations.promote(earthquakes, 1)
  for (const partition of [0, 1]) await new ProgressStore(session).write(earthquakes, { generation: 1, partition, finalUntil: start + 48 * hour, offsets: { 0: 10, 1: 5 } })
  await session.execute("INSERT INTO streams (stream, version, highest, watermark, published_offsets, total_fetched, total_fresh, total_published) VALUES ('earthquakes', 1, ?, ?, ?, 20, 17, 17)", [start + 71 * hour + 5, start + 65 * hour, JSON.stringify({ 0: '12', 1: '5' })])
})
afterAll(async () => {
  await session.define(`DROP KEYSPACE ${settings.keyspace}`)
  await session.close()
})
afterEach(async () => {
  await app?.close()
  await proxy?.close()
  app = undefined
  proxy = undefined
})

/** The app as it runs, on our keyspace. */
async function open(contactPoints: readonly string[] = settings.contactPoints): Promise<void> {
  app = await testService(QueryApiModule, {
    override: (builder) => builder
      .overrideProvider(CassandraSession).useFactory({ factory: () => CassandraSession.connect({ ...settings, contactPoints }, { requestTimeoutMs: patienceMs }) })
      .overrideProvider(PageTokens).useValue(new PageTokens(randomBytes(32)))
      .overrideProvider(RateLimit).useValue(new RateLimit({ count: 100_000, perMs: 1_000, what: 'queries' })),
  })
}
/** What a busy machine may add to the two seconds. */
const busyMs = 3_000
const get = (url: string) => {
  if (app === undefined) throw new Error('Open the app first.')
  return app.inject(url)
}
const isReady = () => waitUntil(async () => (await get('/health/ready')).statusCode === 200, { deadlineMs: 10_000, what: 'the app to be ready' })

interface Row { network: string; windowStart: string; events: number; strongest: number | null; final: boolean }
interface Page { data: Row[]; page: { next: string | null } }
async function page(url: string): Promise<Page> {
  const answer = await get(url)
  if (answer.statusCode !== 200) throw new Error(`${url}: ${answer.statusCode} ${answer.body}`)
  return answer.json()
}

async function allPages(url: string, between: () => Promise<void> = () => Promise.resolve()): Promise<Row[]> {
  const rows: Row[] = []
  for (let next: string | null = ''; next !== null;) {
    const answer: Page = await page(`${url}${next === '' ? '' : `&cursor=${next}`}`)
    rows.push(...answer.data)
    next = answer.page.next
    await between()
  }
  return rows
}

const range = 'from=2018-02-01T00:00:00Z&to=2018-02-04T00:00:00Z'
const inOrder = (rows: readonly Row[]) => rows.map(({ windowStart, network }) => `${windowStart} ${network}`)

describe('on the real Cassandra', () => {
  it.each([1, 7, 100, 1_000])('gives every row of all groups once, newest first, in pages of %d', async (limit) => {
    await open()
    await isReady()
    const rows = await allPages(`/v1/earthquakes/per-hour?${range}&limit=${limit}`)
    const written = quakes(1).sort((a, b) => b.start - a.start || Buffer.compare(Buffer.from(a.group[0] ?? ''), Buffer.from(b.group[0] ?? '')))
    expect(inOrder(rows)).toEqual(written.map((window) => `${new Date(window.start).toISOString()} ${window.group[0] ?? ''}`))
    expect(rows.map(({ events }) => events)).toEqual(written.map(({ events }) => events))
    expect(rows.filter(({ final }) => final)).toHaveLength(48 * networks.length)
  })

  it.each(networks)('gives the rows of the group %s, across days', async (network) => {
    await open()
    await isReady()
    const rows = await allPages(`/v1/earthquakes/per-hour/${encodeURIComponent(network)}?${range}&limit=30`)
    expect(rows).toHaveLength(72)
    expect(new Set(rows.map((row) => row.network))).toEqual(new Set([network]))
    expect(rows[0]).toMatchObject({ windowStart: '2018-02-03T23:00:00.000Z', strongest: network === 'ci' ? null : 7.1, final: false })
  })

  it('answers the last 24 windows by default, and the ledger', async () => {
    await open()
    await isReady()
    const { data } = await page('/v1/earthquakes/per-hour/ci')
    expect([data.length, data[0]?.windowStart, data.at(-1)?.windowStart]).toEqual([24, '2018-02-03T23:00:00.000Z', '2018-02-03T00:00:00.000Z'])
    expect((await page(`/v1/earthquakes/_ledger?${range}`)).data).toEqual([{ windowStart: '2018-02-01T00:00:00.000Z', windowEnd: '2018-02-01T01:00:00.000Z', events: 12, final: true }])
  })

  it('shows the stream', async () => {
    await open()
    await isReady()
    expect((await get('/v1/streams/earthquakes')).json()).toMatchObject({ highestEventTime: '2018-02-03T23:00:00.005Z', finalUntil: '2018-02-03T00:00:00.000Z', generation: 1, counts: { fetched: 20, fresh: 17, repeated: 0 }, lag: { 0: 2, 1: 0 } })
    expect((await get('/v1/streams/trades')).json()).toMatchObject({ generation: null, counts: { fetched: 0 } })
  })

  it('answers 503 with Retry-After within two seconds while Cassandra is stopped, and answers again when it goes on', async () => {
    proxy = await freezingProxy(settings.contactPoints[0] ?? '')
    await open([proxy.address])
    await isReady()
    const url = `/v1/earthquakes/per-hour/ci?${range}`
    await page(url)
    proxy.freeze()
    // Twice only: after four unanswered reads the driver gives a connection up, and its heartbeat timer then outlives the session.
    for (let turn = 0; turn < 2; turn++) {
      const before = performance.now()
      const answer = await get(url)
      expect([answer.statusCode, Number(answer.headers['retry-after']) > 0]).toEqual([503, true])
      expect(performance.now() - before).toBeLessThan(2_000 + busyMs)
    }
    proxy.thaw()
    await waitUntil(() => page(url), { deadlineMs: 15_000, what: 'rows again' })
  })

  it('starts without Cassandra: live, not ready, 503 within two seconds', async () => {
    await open(['127.0.0.1:1'])
    expect((await get('/health/live')).statusCode).toBe(200)
    expect((await get('/health/ready')).statusCode).toBe(503)
    const before = performance.now()
    expect((await get('/v1/streams')).statusCode).toBe(503)
    expect(performance.now() - before).toBeLessThan(2_000 + busyMs)
  })

  it('shows a promoted generation at once and as a whole; pages that were begun go on in the old one', async () => {
    await open()
    await isReady()
    let pages = 0
    const rows = await allPages(`/v1/earthquakes/per-hour?${range}&limit=50`, async () => {
      if (++pages === 2) await new GenerationStore(session).promote(earthquakes, 2)
    })
    expect(rows.map(({ events }) => events).every((events) => events < 200)).toBe(true)
    expect(rows).toHaveLength(72 * networks.length)
    const after = await waitUntil(async () => {
      const { data } = await page(`/v1/earthquakes/per-hour?${range}&limit=1000`)
      return (data[0]?.events ?? 0) > 200 && data
    }, { deadlineMs: 1_000, what: 'the promoted generation' })
    expect(after.every(({ events, final }) => events > 200 && !final)).toBe(true)
    expect(after).toHaveLength(72 * networks.length)
  })
})
