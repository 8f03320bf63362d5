import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { CassandraRecountStore, CassandraRequestKeys, GenerationStore, hasEnded, InclusionStore, ProgressStore, StreamStatusReader, WindowWriter, type CassandraSession, type Recount } from '@millrace/cassandra'
import { configureLog } from '@millrace/observability'
import { waitUntil } from '@millrace/service'
import { SparkSession } from '@millrace/spark-connect'
import {
  approxCountDistinct, approxPercentile, atLeast, avg, count, defineCatalogue, defineStream, first, httpSource, instant, int, last, max, min, ratio, real, sliding, snakeCase, sum, tableByTimeName, tableName, text, tumbling, type StreamDeclaration,
} from '@millrace/stream-kit'
import { Engines } from '../engines.fixture.ts'
import { ownKeyspace } from '../own-keyspace.fixture.ts'
import { RecountDesk } from './recount-desk.ts'
import { RecountQueue } from './recount-queue.ts'
import { CassandraServedTables } from './served-windows.ts'
import { SparkWindowCounter } from './spark-window-counter.ts'

configureLog({ app: 'spec', write: () => undefined })

const engines = new Engines()
const noon = Date.parse('2024-01-01T12:00:00Z')
const minute = 60_000

const stream: StreamDeclaration = defineStream({
  name: `${engines.unique}-sales`, version: 1, summary: 'Sales of a shop.',
  event: { id: text(), shop: text(), amount: int(), price: real(), at: instant() },
  id: ['id'], key: 'shop', eventTime: 'at', lateness: '10 seconds', retention: '1 day', partitions: 2,
  source: httpSource({ url: 'http://127.0.0.1/', start: { seq: 0 }, overlap: 0, pageSize: 1, timeout: '1 second', request: () => ({ query: {} }), items: (body: never[]) => body, advance: (cursor) => cursor, toEvent: (item) => item }),
  views: {
    'per-minute': {
      summary: 'Sales a minute.', window: tumbling('1 minute'), by: ['shop'],
      measures: { amount: sum('amount'), sales: count(), turnover: sum('price'), mean: avg('price'), open: first('price'), close: last('price'), least: min('price'), most: max('amount'), median: approxPercentile('price', 0.5), prices: approxCountDistinct('price'), perSale: ratio(sum('price'), sum('amount')), firstAt: min('at') },
    },
    rolling: { summary: 'Larger sales of three minutes.', window: sliding('3 minutes', { every: '1 minute' }), measures: { turnover: sum('price') }, where: atLeast('amount', 3) },
  },
})

/** Eighty minutes; neighbours change places, and every twentieth sale comes twice. */
const sale = (index: number) => JSON.stringify({ id: `s${index}`, shop: `shop-${index % 3}`, amount: index % 10, price: (index % 97) / 10 - 3, at: noon + (index ^ 3) * 4_000 })
const sales = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => sale(from + index)).flatMap((value, index) => (index % 20 === 0 ? [value, value] : [value]))
const finalUntil = noon + 80 * minute - 10_000

let cassandra: CassandraSession
let drop: () => Promise<void>
let desk: RecountDesk
let queue: RecountQueue
let store: CassandraRecountStore
const openQueue = () => {
  const counter = new SparkWindowCounter(SparkSession.open(engines.spark, { name: `${engines.unique}-recounts` }), { brokers: engines.spark.kafkaBrokers, tasks: 1 })
  const around = { generations: new GenerationStore(cassandra), inclusions: new InclusionStore(cassandra), stored: new ProgressStore(cassandra), ingestion: new StreamStatusReader(cassandra), topics: engines.admin, counter, tables: new CassandraServedTables(cassandra), now: Date.now }
  const catalogue = defineCatalogue([stream])
  store = new CassandraRecountStore(cassandra)
  queue = new RecountQueue({ catalogue, store, around })
  desk = new RecountDesk({ catalogue, store, keys: new CassandraRequestKeys(cassandra, 'recount'), generations: around.generations, stored: around.stored, queue, limit: { take: () => undefined, giveBack: () => undefined } })
}

/** The stream's query takes what is there; the windows are stored as the materializer stores them. */
async function streamAndStore(): Promise<void> {
  const query = await engines.start(stream, { trigger: 'once' })
  await waitUntil(async () => !(await query.status()).isActive, { deadlineMs: 90_000, what: 'the query to end' })
  expect(await query.exception()).toBeNull()
  const writer = new WindowWriter(cassandra, stream)
  await writer.write([...(await engines.lastWindows(stream)).values()].map((window) => writer.rowOf(window)))
}

async function recount(asked: { from?: string; to?: string } = {}): Promise<Recount> {
  const { id } = await desk.request({ stream: stream.name, ...asked }, { caller: 'spec', key: randomUUID() })
  return await ended(id)
}

async function ended(id: string): Promise<Recount> {
  await waitUntil(async () => hasEnded((await store.find(id)) ?? { state: 'queued' }), { deadlineMs: 100_000, what: `recount ${id} to end` })
  const found = await store.find(id)
  if (!found) throw new Error(`Recount ${id} is gone.`)
  return found
}

beforeAll(async () => {
  ({ session: cassandra, drop } = await ownKeyspace(stream))
  await engines.makeTopics(stream)
  await engines.publish(stream, sales(0, 700))
  await streamAndStore()
  await engines.publish(stream, sales(680, 1_200))
  await streamAndStore()
  const generations = new GenerationStore(cassandra)
  await generations.allocate(stream, { kind: 'first', planHash: 'spec', checkpoint: 'spec' })
  await generations.promote(stream, 1)
  for (let partition = 0; partition < 2; partition += 1) await new ProgressStore(cassandra).write(stream, { generation: 1, partition, finalUntil, offsets: { 0: 1 } })
  openQueue()
  queue.open()
})
afterAll(async () => {
  await queue.close()
  await engines.close()
  await drop()
})

const [perMinute = { name: '' }] = stream.views
const day = '2024-01-01'
const all = 79 * 3 + 79 + 1

describe('a recount on the real engines', () => {
  it('finds every window as it was streamed and stored, in both tables', async () => {
    const found = await recount()
    expect(found).toMatchObject({ state: 'succeeded', verdict: 'equal', generation: 1, to: finalUntil, from: finalUntil - 86_400_000, error: null, differences: [], attempts: 1 })
    // 79 whole minutes of three shops, the 79 sliding windows that end by then (two begin before noon), and one whole hour.
    expect(found.figures).toEqual({ windows: all, compared: all, equal: all, different: 0, missing: 0, extra: 0 })
    expect(Object.values(found.offsets).reduce((total, offset) => total + offset, 0)).toBe(sales(0, 700).length + sales(680, 1_200).length)
  })

  it('compares a part of it alone', async () => {
    const found = await recount({ from: '2024-01-01T12:02:30Z', to: '2024-01-01T13:05:00+01:00' })
    expect([found.verdict, found.figures.windows]).toEqual(['equal', 2 * 3])
  })

  it('names a row that is missing, and the table that lacks it', async () => {
    await cassandra.execute(`DELETE FROM ${tableByTimeName(stream, perMinute)} WHERE day = ? AND window_start = ? AND shop = ?`, [day, noon + 3 * minute, 'shop-1'])
    const found = await recount()
    expect([found.state, found.verdict, found.figures]).toMatchObject(['succeeded', 'different', { missing: 1, compared: all }])
    expect(found.differences).toMatchObject([{ view: 'per-minute', group: { shop: 'shop-1' }, windowStart: '2024-01-01T12:03:00.000Z', windowEnd: '2024-01-01T12:04:00.000Z', kind: 'missing', table: 'by-time', stored: null, recounted: { events: 5, firstAt: expect.stringMatching(/^2024-01-01T12:03:0\d/) } }])
    await cassandra.execute(`DELETE FROM ${tableName(stream, perMinute)} WHERE shop = ? AND day = ? AND window_start = ?`, ['shop-1', day, noon + 3 * minute])
    expect((await recount()).differences).toMatchObject([{ kind: 'missing', table: 'both' }])
  })

  it('names a row that was changed, with both values', async () => {
    await cassandra.execute(`UPDATE ${tableName(stream, perMinute)} USING TIMESTAMP 1000 SET ${snakeCase('perSale')} = ? WHERE shop = ? AND day = ? AND window_start = ? AND generation = 1`, [99.5, 'shop-2', day, noon])
    const found = await recount()
    expect(found.figures).toMatchObject({ missing: 1, different: 1, extra: 0 })
    expect(found.differences[0]).toMatchObject({ group: { shop: 'shop-2' }, windowStart: '2024-01-01T12:00:00.000Z', kind: 'different', table: 'by-group', stored: { perSale: 99.5, generation: 1 } })
    expect(found.differences[0]?.recounted?.['perSale']).toBeLessThan(10)
  })

  it('names a row that nothing was counted for', async () => {
    const writer = new WindowWriter(cassandra, stream)
    await writer.write([writer.rowOf({ view: 'per-minute', group: ['shop-9'], start: noon + 5 * minute, end: noon + 6 * minute, events: 1, generation: 1, measures: { amount: 7 } })])
    const found = await recount()
    expect(found.figures).toMatchObject({ missing: 1, different: 1, extra: 1, windows: all, compared: all + 1 })
    expect(found.differences.find(({ kind }) => kind === 'extra')).toMatchObject({ view: 'per-minute', group: { shop: 'shop-9' }, windowStart: '2024-01-01T12:05:00.000Z', table: 'both', stored: { events: 1, amount: 7, open: null }, recounted: null })
  })

  it('counts an event behind the watermark, which the stream has dropped', async () => {
    await engines.publish(stream, [JSON.stringify({ id: 'planted', shop: 'shop-0', amount: 5, price: 1, at: noon + 7 * minute + 500 })])
    await streamAndStore()
    const found = await recount({ to: '2024-01-01T13:00:00Z' })
    expect(found.figures).toMatchObject({ different: 1 + 1 + 3 + 1, missing: 1, extra: 1 })
    const grown = found.differences.filter(({ stored, recounted }) => Number(recounted?.['events']) === Number(stored?.['events']) + 1)
    expect(grown.map(({ view, group, windowStart, kind, table }) => [view, group['shop'], windowStart, kind, table])).toEqual([
      ['per-minute', 'shop-0', '2024-01-01T12:07:00.000Z', 'different', 'both'],
      ...['12:05', '12:06', '12:07'].map((start) => ['rolling', undefined, `2024-01-01T${start}:00.000Z`, 'different', 'by-group']),
      ['_ledger', undefined, '2024-01-01T12:00:00.000Z', 'different', 'by-group'],
    ])
  })

  it('that was running when its bridge died is begun again by the next one', async () => {
    const { id } = await desk.request({ stream: stream.name, to: '2024-01-01T12:02:00Z' }, { caller: 'spec', key: 'interrupted' })
    await waitUntil(async () => (await store.find(id))?.state === 'running', { deadlineMs: 30_000, everyMs: 10, what: 'the recount to run' })
    await queue.close()
    expect((await store.find(id))?.state).toBe('running')
    openQueue()
    queue.open()
    expect(await ended(id)).toMatchObject({ state: 'succeeded', attempts: 2 })
    expect((await desk.request({ stream: stream.name, to: '2024-01-01T12:02:00Z' }, { caller: 'spec', key: 'interrupted' })).id).toBe(id)
    expect(await store.open()).toEqual([])
  })
})
