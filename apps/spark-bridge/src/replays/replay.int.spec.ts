import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  CassandraReplayStore, CassandraRequestKeys, generationAt, GenerationStore, includedAt, InclusionStore, isOver, LetterStore, noFigures, ProgressStore, StreamStatusReader, tableDdl, WindowReader, type CassandraSession, type ReadWindow, type Replay, type ServedGeneration,
} from '@millrace/cassandra'
import { eventId, TopicWriter } from '@millrace/kafka'
import { configureLog } from '@millrace/observability'
import { systemClock, waitUntil } from '@millrace/service'
import { SparkSession } from '@millrace/spark-connect'
import { defineCatalogue, tableName, type StreamDeclaration } from '@millrace/stream-kit'
import { Engines } from '../engines.fixture.ts'
import { ownKeyspace } from '../own-keyspace.fixture.ts'
import { recountStream } from '../recounts/recount-stream.ts'
import { CassandraServedTables } from '../recounts/served-windows.ts'
import { SparkWindowCounter } from '../recounts/spark-window-counter.ts'
import { declaredPlan, type ReplaySurroundings } from './build-range.ts'
import { CarryingPromotions } from './promotions.ts'
import { ReplayDesk } from './replay-desk.ts'
import { ReplayQueue } from './replay-queue.ts'
import { SparkRangeBuilder } from './spark-range-builder.ts'
import { minute, noon, saleAt, sales, salesOf } from './sales.fixture.ts'
import { Storing } from './storing.fixture.ts'

configureLog({ app: 'spec', level: 'error' })

const engines = new Engines()
const stream = salesOf(`${engines.unique}-sales`)
const [perMinute, rolling, ledger] = stream.views as [StreamDeclaration['views'][number], StreamDeclaration['views'][number], StreamDeclaration['views'][number]]
const finalUntil = noon + 125 * minute

let cassandra: CassandraSession
let drop: () => Promise<void>
let markers: TopicWriter
let storing: Storing
let around: ReplaySurroundings
let queue: ReplayQueue
let desk: ReplayDesk
let store: CassandraReplayStore
let generations: GenerationStore

const openQueue = () => {
  const builder = new SparkRangeBuilder(SparkSession.open(engines.spark, { name: `${engines.unique}-replays` }), { brokers: engines.spark.kafkaBrokers, tasks: 1 })
  around = { generations, inclusions: new InclusionStore(cassandra), stored: new ProgressStore(cassandra), ingestion: new StreamStatusReader(cassandra), topics: engines.admin, markers, builder, tables: new CassandraServedTables(cassandra), clock: systemClock }
  const catalogue = defineCatalogue([stream])
  store = new CassandraReplayStore(cassandra)
  queue = new ReplayQueue({ catalogue, store, around })
  desk = new ReplayDesk({ catalogue, store, keys: new CassandraRequestKeys(cassandra, 'replay'), around, queue, limit: { take: () => undefined, giveBack: () => undefined } })
  queue.open()
}

/** The stream's query takes what is there, as the generation that it is; its windows are stored, and final. */
async function streamed(generation: number): Promise<void> {
  const query = await engines.start(stream, { trigger: 'once', generation })
  await waitUntil(async () => !(await query.status()).isActive, { deadlineMs: 90_000, what: 'the query to end' })
  expect(await query.exception()).toBeNull()
  await storing.once()
  for (let partition = 0; partition < 2; partition += 1) await new ProgressStore(cassandra).write(stream, { generation, partition, finalUntil, offsets: { 0: 1 } })
}

const asked = { from: noon, to: noon + 60 * minute, ids: null, isDryRun: true }
async function requested(kind: Replay['kind'], change: Partial<Replay['asked']> = {}): Promise<Replay> {
  const { id } = await desk.request({ kind, stream: stream.name, asked: { ...asked, ...change } }, { caller: 'spec', key: randomUUID() })
  return await settled(id)
}
async function settled(id: string): Promise<Replay> {
  await waitUntil(async () => { const found = await desk.replay(id); return found.state === 'ready' || isOver(found) }, { deadlineMs: 100_000, what: `replay ${id} to be built` })
  return await desk.replay(id)
}

async function read(view = perMinute, served?: readonly ServedGeneration[]): Promise<Map<string, ReadWindow>> {
  const rows = new Map<string, ReadWindow>()
  for await (const row of new CassandraServedTables(cassandra).of(stream, view).byTime({ from: noon - 60 * minute, to: finalUntil, served: served ?? (await generations.served(stream)) }))
    rows.set(`${Object.values(row.group).join(' ')} ${new Date(row.windowStart).toISOString().slice(11, 16)}`, row)
  return rows
}

async function recounted() {
  const counter = new SparkWindowCounter(SparkSession.open(engines.spark, { name: `${engines.unique}-recounts` }), { brokers: engines.spark.kafkaBrokers, tasks: 1 })
  try {
    return await recountStream({ from: noon, to: noon + 120 * minute }, stream, { generations, inclusions: around.inclusions, stored: around.stored, ingestion: around.ingestion, topics: around.topics, tables: around.tables, counter, now: Date.now }, () => Promise.resolve())
  } finally {
    counter.close()
  }
}

/** Two orders of adding reals differ in their last digits. */
const values = ({ events, measures }: Pick<ReadWindow, 'events' | 'measures'>) => [events, ...Object.values(measures).map((value) => (typeof value === 'number' ? Number(value.toPrecision(9)) : value))]

const idOf = (id: string) => eventId(stream, { id })
const letter = (id: string, at: number, amount: number, shop = 'shop-0') => ({
  eventId: idOf(id), eventTime: at, reason: 'late', detail: 'late', origin: '{"url":"http://127.0.0.1/","page":0,"index":0}', run: 'r', receivedAt: Date.now(),
  value: Buffer.from(JSON.stringify({ id, shop, amount, price: 50, when: new Date(at).toISOString() })),
})

beforeAll(async () => {
  ({ session: cassandra, drop } = await ownKeyspace(stream))
  markers = TopicWriter.lazy(engines.kafka)
  generations = new GenerationStore(cassandra)
  await engines.makeTopics(stream)
  await engines.publish(stream, sales)
  storing = new Storing(stream, engines.admin, cassandra)
  await generations.allocate(stream, { kind: 'first', planHash: declaredPlan(stream), checkpoint: 'spec' })
  await streamed(1)
  await generations.promote(stream, 1)
  storing.open()
  openQueue()
})
afterAll(async () => {
  await queue.close()
  await storing.close()
  await markers.close()
  await engines.close()
  await drop()
})

const inAnHour = 60 * 3 + 58 + 1

describe('a replay on the real engines', () => {
  it('builds every window of the range as it is served, and readers see nothing of it', async () => {
    const before = await read()
    const replay = await requested('replay')
    expect(replay).toMatchObject({ state: 'ready', generation: 2, against: [1], attempts: 1, error: null, differences: [], figures: { ...noFigures, windows: inAnHour, compared: inAnHour, equal: inAnHour } })
    expect(await read()).toEqual(before)
    expect((await desk.discard(replay.id)).state).toBe('discarded')
    expect((await generations.list(stream)).map(({ state }) => state)).toEqual(['retired', 'served'])
  })

  it('shows exactly the windows that were changed, with both values, and its promotion mends them', async () => {
    const [byGroup, byTime] = tableDdl(stream, perMinute)
    const before = await read()
    await cassandra.execute(`UPDATE ${byGroup?.name} USING TIMESTAMP 1000 SET amount = 7777 WHERE shop = ? AND day = ? AND window_start = ? AND generation = 1`, ['shop-2', '2024-01-01', noon + 3 * minute])
    await cassandra.execute(`DELETE FROM ${byTime?.name} USING TIMESTAMP 1000 WHERE day = ? AND window_start = ? AND shop = ? AND generation = 1`, ['2024-01-01', noon + 4 * minute, 'shop-1'])
    await cassandra.execute(`UPDATE ${tableName(stream, rolling)} USING TIMESTAMP 1000 SET turnover = -1 WHERE day = ? AND window_start = ? AND generation = 1`, ['2024-01-01', noon + 9 * minute])
    const replay = await requested('replay')
    expect(replay.figures).toEqual({ windows: inAnHour, compared: inAnHour, equal: inAnHour - 3, different: 2, missing: 1, extra: 0 })
    expect(replay.differences.map(({ view, group, windowStart, kind, table, stored, recounted: built }) => [view, group['shop'], windowStart.slice(11, 16), kind, table, stored?.['amount'] ?? stored?.['turnover'], typeof (built?.['amount'] ?? built?.['turnover'])])).toEqual([
      ['per-minute', 'shop-1', '12:04', 'missing', 'by-time', undefined, 'number'],
      ['per-minute', 'shop-2', '12:03', 'different', 'by-group', 7777, 'number'],
      ['rolling', undefined, '12:09', 'different', 'by-group', -1, 'number'],
    ])
    expect((await recounted()).figures).toMatchObject({ different: 2, missing: 1 })
    expect((await desk.promote(replay.id)).state).toBe('succeeded')
    expect((await desk.promote(replay.id)).state).toBe('succeeded')
    expect(await recounted()).toMatchObject({ verdict: 'equal', differences: [] })
    const after = await read()
    for (const [key, { generation, measures }] of after) expect([key, generation, measures['amount']]).toEqual([key, key.slice(-5) < '13:00' ? 3 : 1, before.get(key)?.measures['amount']])
  })

  it('is switched to by readers in one step: none ever sees a part of it', async () => {
    const replay = await requested('replay')
    const seen = new Set<string>()
    const reading = { isOn: true }
    const readers = Promise.all([perMinute, rolling, ledger].map(async (view) => {
      const reader = new WindowReader(cassandra, stream, view)
      while (reading.isOn) {
        const { windows } = await reader.byTime({ from: noon, to: noon + 58 * minute, limit: 1_000, served: await generations.served(stream) })
        seen.add(`${view.name} ${[...new Set(windows.map(({ generation }) => generation))].join(' and ')} of ${windows.length}`)
      }
    }))
    await waitUntil(() => seen.size === 3, { deadlineMs: 20_000, what: 'all readers to have read' })
    await desk.promote(replay.id)
    await waitUntil(() => seen.size === 6, { deadlineMs: 20_000, what: 'all readers to have read again' })
    reading.isOn = false
    await readers
    expect([...seen].sort()).toEqual([3, 4].flatMap((generation) => [`_ledger ${generation} of 1`, `per-minute ${generation} of 174`, `rolling ${generation} of 58`]).sort())
  })

  it('that its bridge left behind is begun again, as another generation', async () => {
    const { id } = await desk.request({ kind: 'replay', stream: stream.name, asked }, { caller: 'spec', key: 'interrupted' })
    await waitUntil(async () => (await desk.replay(id)).generation !== null, { deadlineMs: 30_000, everyMs: 10, what: 'the replay to be building' })
    await queue.close()
    expect((await desk.replay(id)).state).toBe('running')
    openQueue()
    expect(await settled(id)).toMatchObject({ state: 'ready', attempts: 2, generation: 6 })
    expect((await generations.list(stream)).slice(0, 2).map(({ generation, state }) => `${generation} ${state}`)).toEqual(['6 building', '5 retired'])
    await desk.discard(id)
  })
})

describe('late events that are included', () => {
  const late = [letter('l1', noon + 7 * minute + 500, 4), letter('l2', noon + 61 * minute + 2_000, 9, 'shop-9'), letter('l3', noon + 124 * minute + 1, 5)]

  it('change exactly the windows that count them, in every view, and their hours in the ledger', async () => {
    await new LetterStore(cassandra).writeLate(stream, late)
    const before = { minutes: await read(), rolling: await read(rolling), ledger: await read(ledger) }
    const dry = await requested('include', { from: null, to: null })
    expect(dry).toMatchObject({ state: 'ready', late: { chosen: 2, included: 0, open: 1, expired: 0, unreadable: 0 } })
    expect(dry.differences.map(({ view, group, windowStart, kind }) => [view, group['shop'], windowStart.slice(11, 16), kind].join(' ')).sort()).toEqual([
      '_ledger  12:00 different', '_ledger  13:00 different', 'per-minute shop-0 12:07 different', 'per-minute shop-9 13:01 missing',
      ...['12:05', '12:06', '12:07', '12:59', '13:00', '13:01'].map((start) => `rolling  ${start} different`),
    ].sort())
    expect(await read()).toEqual(before.minutes)
    const done = await requested('include', { from: null, to: null, isDryRun: false })
    expect(done).toMatchObject({ state: 'succeeded', late: { chosen: 2, open: 1 }, differences: dry.differences.map(({ view, windowStart, kind }) => ({ view, windowStart, kind })) })

    const after = { minutes: await read(), rolling: await read(rolling), ledger: await read(ledger) }
    const grown = (of: 'minutes' | 'rolling' | 'ledger') => [...after[of]].filter(([key, row]) => JSON.stringify(values(row)) !== JSON.stringify(values(before[of].get(key) ?? { events: 0, measures: {} }))).map(([key]) => key.trim()).sort()
    expect([grown('minutes'), grown('rolling'), grown('ledger')]).toEqual([['shop-0 12:07', 'shop-9 13:01'], ['12:05', '12:06', '12:07', '12:59', '13:00', '13:01'], ['12:00', '13:00']])

    // The oracle: what the test itself makes of the sales of that minute and shop, and of the late one.
    const there = [...Array.from({ length: 2_000 }, (_, index) => saleAt(index)).filter(({ shop, at }) => shop === 'shop-0' && at >= noon + 7 * minute && at < noon + 8 * minute), { amount: 4, price: 50, at: noon + 7 * minute + 500 }]
    const sumOf = (pick: (one: { amount: number; price: number }) => number) => there.reduce((total, one) => total + pick(one), 0)
    expect(after.minutes.get('shop-0 12:07')).toMatchObject({ events: there.length, measures: { amount: sumOf(({ amount }) => amount), sales: there.length, most: Math.max(...there.map(({ amount }) => amount)), open: [...there].sort((a, b) => a.at - b.at)[0]?.price } })
    expect(after.minutes.get('shop-0 12:07')?.measures['mean']).toBeCloseTo(sumOf(({ price }) => price) / there.length, 9)
    expect(after.minutes.get('shop-9 13:01')).toMatchObject({ events: 1, measures: { amount: 9, sales: 1, mean: 50, open: 50, most: 9 } })
    expect(after.ledger.get(' 12:00')?.events).toBe(901)

    const served = await generations.served(stream)
    const hour = (start: number) => ({ start, end: start + 60 * minute })
    expect([includedAt(served, hour(noon)), includedAt(served, hour(noon + 60 * minute)), includedAt(served, hour(noon + 120 * minute))]).toEqual([1, 1, 0])
    expect(await recounted()).toMatchObject({ verdict: 'equal', differences: [] })
    await expect(desk.promote(dry.id)).rejects.toMatchObject({ problem: { code: 'replay_outdated' } })
  })

  it('are not included twice, and those of windows that are not final are refused with when', async () => {
    expect(await requested('include', { from: null, to: null, isDryRun: false })).toMatchObject({ state: 'succeeded', generation: null, late: { chosen: 0, included: 2, open: 1 } })
    await expect(requested('include', { from: null, to: null, ids: [idOf('l3')] })).rejects.toMatchObject({ problem: { code: 'late_not_final', members: { openUntil: '2024-01-01T15:00:00.000Z', finalUntil: '2024-01-01T14:05:00.000Z' } } })
    await expect(requested('include', { ids: ['nobody'] })).rejects.toMatchObject({ problem: { code: 'late_unknown' } })
  })

  it('are carried by a replay', async () => {
    const replay = await requested('replay')
    expect(replay.figures).toMatchObject({ windows: inAnHour, equal: inAnHour })
    await desk.promote(replay.id)
    expect((await read()).get('shop-0 12:07')?.generation).toBe(replay.generation)
    expect(await recounted()).toMatchObject({ verdict: 'equal' })
  })

  it('are carried into a generation that is rebuilt from the topic before it is promoted, in one step', async () => {
    const before = [await read(), await read(rolling), await read(ledger)]
    const { generation } = await generations.allocate(stream, { kind: 'rebuild', planHash: declaredPlan(stream), checkpoint: 'rebuilt' })
    await storing.close()
    await streamed(generation)
    storing.open()
    const promotions = new CarryingPromotions(around)
    await waitUntil(() => promotions.promote(stream, generation), { deadlineMs: 90_000, everyMs: 200, what: 'the rebuilt generation to be promoted' })
    const served = await generations.served(stream)
    expect(served.find(({ range }) => range === undefined)?.generation).toBe(generation)
    expect(served.every((one) => one.generation >= generation)).toBe(true)
    expect(generationAt(served, { start: noon, end: noon + minute })).toBeGreaterThan(generation)
    const after = [await read(), await read(rolling), await read(ledger)]
    const all = (rows: Map<string, ReadWindow>) => [...rows].map(([key, row]) => [key, values(row)])
    expect(after.map(all)).toEqual(before.map(all))
    expect(includedAt(served, { start: noon, end: noon + 60 * minute })).toBe(1)
    expect(await recounted()).toMatchObject({ verdict: 'equal', differences: [] })
  })
})

