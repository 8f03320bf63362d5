import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { CassandraSession, cassandraSettings, GenerationStore, LetterStore, ProgressStore, SearchStore, StreamStatusReader } from '@millrace/cassandra'
import { TopicWriter } from '@millrace/kafka'
import { configureLog } from '@millrace/observability'
import { readSettings, waitUntil } from '@millrace/service'
import { count, defineCatalogue, defineStream, eventTopic, httpSource, instant, int, max, sum, text, tumbling, type StreamDeclaration } from '@millrace/stream-kit'
import { Engines } from '../engines.fixture.ts'
import { queryViews } from '../query-view.ts'
import { SparkQueries } from '../spark-queries.ts'
import { covers, offsetsOf } from './offsets.ts'
import { Supervisor } from './supervisor.ts'

configureLog({ app: 'spec', level: 'error' })

const engines = new Engines()
const noon = Date.parse('2024-01-01T12:00:00Z')

function sales(name: string, isChanged = false): StreamDeclaration {
  const measures = isChanged ? { amount: sum('amount'), largest: max('amount') } : { amount: sum('amount') }
  return defineStream({
    name, version: 1, summary: 'Sales of a shop.',
    event: { id: text(), shop: text(), amount: int(), at: instant() },
    id: ['id'], key: 'shop', eventTime: 'at', lateness: '10 seconds', retention: '1 hour', partitions: 2,
    source: httpSource({ url: 'http://127.0.0.1/', start: { seq: 0 }, overlap: 0, pageSize: 1, timeout: '1 second', request: () => ({ query: {} }), items: (body: never[]) => body, advance: (cursor) => cursor, toEvent: (item) => item }),
    views: { 'per-minute': { summary: 'Sales a minute.', window: tumbling('1 minute'), by: ['shop'], measures: { ...measures, sales: count() } } },
  })
}

const stream = sales(`${engines.unique}-sales`)
const absent = sales(`${engines.unique}-absent`)
const events = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => JSON.stringify({ id: `s${from + index}`, shop: `shop-${(from + index) % 3}`, amount: from + index, at: noon + (from + index) * 1_000 }))

const today = () => new Date().toISOString().slice(0, 10)

let cassandra: CassandraSession
let writer: TopicWriter
const bridge = (...streams: StreamDeclaration[]) => {
  const settings = { brokers: engines.spark.kafkaBrokers, checkpoints: engines.checkpoints, triggerMs: 200 }
  const generations = new GenerationStore(cassandra)
  const promotions = { promote: async (of: StreamDeclaration, generation: number) => { await generations.promote(of, generation); return true } }
  const around = { server: new SparkQueries(engines.session), generations, promotions, stored: new ProgressStore(cassandra), ingestion: new StreamStatusReader(cassandra), topics: engines.admin, markers: writer, letters: new LetterStore(cassandra), searches: new SearchStore(cassandra), recounts: { enter: () => Promise.reject(new Error('Nothing is dropped here.')) }, settings }
  return new Supervisor(defineCatalogue(streams), around, { pollMs: 200 })
}
/** Rounds until the supervisor says so. */
const rounds = (supervisor: Supervisor, what: string, isSo: () => boolean | Promise<boolean>) =>
  waitUntil(async () => { await supervisor.round(); return isSo() }, { deadlineMs: 100_000, everyMs: 200, what })
const views = (supervisor: Supervisor) => supervisor.streams.flatMap((one) => queryViews(one, supervisor.serverFailure))
const state = (supervisor: Supervisor, generation: number) => views(supervisor).find((view) => view.generation === generation)?.state

const isAggregated = (supervisor: Supervisor, generation: number, offsets: Record<string, number>) =>
  covers(views(supervisor).find((view) => view.generation === generation)?.committedOffsets ?? {}, offsets)

/** What ingestion would have written after publishing all that is on the topic. */
async function ingested(watermark: number): Promise<Record<string, number>> {
  const offsets = offsetsOf(await engines.admin.endOffsets(eventTopic(stream)))
  await cassandra.execute('UPDATE streams SET watermark = ?, highest = ?, published_offsets = ? WHERE stream = ? AND version = ?', [watermark, watermark, JSON.stringify(offsets), stream.name, 1])
  return offsets
}

beforeAll(async () => {
  cassandra = await CassandraSession.open(readSettings(cassandraSettings('writer')))
  writer = TopicWriter.lazy(engines.kafka)
  await engines.makeTopics(stream)
  await engines.publish(stream, events(0, 300))
})
afterAll(async () => {
  await engines.close()
  await writer.close()
  for (const { name } of [stream, absent]) for (const table of ['streams', 'generations', 'progress', 'searches']) await cassandra.execute(`DELETE FROM ${table} WHERE stream = ? AND version = 1${table === 'progress' ? ' AND generation IN (1, 2, 3)' : ''}`, [name])
  await cassandra.execute('DELETE FROM dead_letters WHERE stream = ? AND version = 1 AND day = ?', [stream.name, today()])
  await cassandra.close()
})

/** The windows of a generation by key, without its number. */
async function windowsOf(generation: number) {
  const all = [...(await engines.lastWindows(stream)).values()].filter((window) => window.generation === generation)
  return Object.fromEntries(all.map(({ key, events: number, measures }) => [key, { events: number, amount: measures['amount'] }]))
}

describe('a stream on the real engines', () => {
  it('is given its first query, whose windows are marked when all that was published is in them', async () => {
    const offsets = await ingested(noon + 100_000)
    const supervisor = bridge(stream)
    await rounds(supervisor, 'all events to be aggregated', () => state(supervisor, 1) === 'running' && isAggregated(supervisor, 1, offsets))
    await rounds(supervisor, 'the markers', async () => (await engines.windows(stream)).markers === 2)
    expect(await new GenerationStore(cassandra).list(stream)).toMatchObject([{ generation: 1, state: 'served', kind: 'first', floor: null }])
    const ledger = [...(await engines.lastWindows(stream)).values()].filter(({ view }) => view === '_ledger')
    expect(ledger.map(({ events: number }) => number)).toEqual([300])
  })

  it('is adopted by the next bridge: the run goes on', async () => {
    const [running] = await engines.session.activeQueries()
    const supervisor = bridge(stream)
    await rounds(supervisor, 'the query to be adopted', () => state(supervisor, 1) === 'running')
    expect(views(supervisor)).toMatchObject([{ name: running?.name, runId: running?.runId }])
  })

  it('has a malformed record kept of whose batch nobody has heard: run and bridge were gone', async () => {
    await engines.publish(stream, ['{"id":"broken"'])
    const ends = offsetsOf(await engines.admin.endOffsets(eventTopic(stream)))
    for (const query of await engines.session.activeQueries()) {
      await waitUntil(async () => covers((await query.recentProgress(eventTopic(stream))).at(-1)?.committed ?? {}, ends), { deadlineMs: 60_000, everyMs: 100, what: 'the record to be read' })
      await query.stop()
    }
    const letters = async () => (await new LetterStore(cassandra).dead(stream, { day: today(), limit: 10 })).letters
    await rounds(bridge(stream), 'the letter', async () => (await letters()).length > 0)
    expect(await letters()).toMatchObject([{ reason: 'malformed', detail: 'it is no JSON', value: Buffer.from('{"id":"broken"') }])
  })

  it('with another plan is built anew beside the served generation, and promoted when it is stored as far as the topic goes', async () => {
    const supervisor = bridge(sales(stream.name, true))
    await rounds(supervisor, 'both generations to run', () => state(supervisor, 2) === 'building' && state(supervisor, 1) === 'running')
    await engines.publish(stream, events(300, 400))
    const offsets = await ingested(noon + 300_000)
    await rounds(supervisor, 'both to aggregate what came since', () => [1, 2].every((generation) => isAggregated(supervisor, generation, offsets)))
    expect(await new GenerationStore(cassandra).list(stream)).toMatchObject([{ generation: 2, state: 'building' }, { generation: 1, state: 'served' }])
    for (let partition = 0; partition < 2; partition += 1) await new ProgressStore(cassandra).write(stream, { generation: 2, partition, finalUntil: noon + 300_000, offsets })
    await rounds(supervisor, 'the promotion', async () => (await new GenerationStore(cassandra).list(stream))[0]?.state === 'served')
    await rounds(supervisor, 'the old query to be stopped', async () => (await engines.session.activeQueries()).length === 1)
    const [second, first] = [await windowsOf(2), await windowsOf(1)]
    expect(second).toEqual(first)
    expect(Object.values(second).reduce((total, { amount }) => total + Number(amount ?? 0), 0)).toBe((399 * 400) / 2)
  })

  it('whose topics are missing says so, and runs when they are there', async () => {
    const supervisor = bridge(sales(stream.name, true), absent)
    const view = () => views(supervisor).find((one) => one.stream === absent.name)
    await rounds(supervisor, 'the missing topic to be noticed', () => view()?.state === 'missing_topic')
    expect(view()?.lastError).toMatchObject({ code: 'spark_missing_topic', remedy: expect.stringContaining('provision') })
    await engines.makeTopics(absent)
    await rounds(supervisor, 'the query to run', () => view()?.state === 'running' && view()?.lastError === null)
  })

  it('that loses what its checkpoint expects waits for an operator, who has it rebuilt from what is there', async () => {
    const supervisor = bridge(sales(stream.name, true))
    const changed = sales(stream.name, true)
    await rounds(supervisor, 'the query to run', () => state(supervisor, 2) === 'running')
    for (const query of await engines.session.activeQueries()) await query.stop()
    await engines.admin.remove([eventTopic(stream)])
    await waitUntil(async () => (await engines.admin.describe([eventTopic(stream)])).length === 0, { deadlineMs: 20_000, what: 'the topic to be gone' })
    await engines.makeTopics(changed)
    await rounds(supervisor, 'the loss to be noticed', () => state(supervisor, 2) === 'data_loss')
    await supervisor.round()
    expect(await engines.session.activeQueries()).toEqual([])
    supervisor.streams[0]?.restart(2, { rebuild: true })
    await rounds(supervisor, 'the third generation to be served', () => state(supervisor, 3) === 'running')
    // The new topic is shorter than what was published, so the older generation stays for the windows before.
    expect(await new GenerationStore(cassandra).list(stream)).toMatchObject([{ generation: 3, kind: 'rebuild', state: 'served', floor: noon + 300_000 + stream.latenessMs }, { generation: 2, state: 'served' }, { state: 'retired' }])
  })
})
