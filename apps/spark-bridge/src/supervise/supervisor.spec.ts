import { beforeEach, describe, expect, it } from '@jest/globals'
import { configureLog } from '@millrace/observability'
import { planHash, SparkError, windowPlan } from '@millrace/spark-connect'
import { defineCatalogue, type StreamDeclaration } from '@millrace/stream-kit'
import { earthquakes, trades } from '@millrace/streams'
import { queryViews } from '../query-view.ts'
import { Twins } from '../twins.fixture.ts'
import { Supervisor } from './supervisor.ts'

const hash = planHash(windowPlan(trades))
const query = `trades.v1.g1@${hash}`

configureLog({ app: 'spec', write: () => undefined })

let twins: Twins
let supervisor: Supervisor

const bridge = (...streams: StreamDeclaration[]) =>
  new Supervisor(defineCatalogue(streams), twins.surroundings, { pollMs: 1_000, clock: { now: () => twins.now, sleep: () => Promise.reject(new Error('nobody sleeps here')) } })
const rounds = async (count = 1) => {
  for (let round = 0; round < count; round += 1) {
    twins.now += 10_000
    await supervisor.round()
  }
}
const views = () => supervisor.streams.flatMap((stream) => queryViews(stream, supervisor.serverFailure))
const states = () => Object.fromEntries(views().map(({ name, state }) => [name, state]))
const generations = () => (twins.generations.get('trades.v1') ?? []).map(({ generation, state }) => `${generation} ${state}`)

beforeEach(() => {
  twins = new Twins()
  supervisor = bridge(trades)
})

describe('the supervisor', () => {
  it('starts the first query of each stream from a checkpoint of its own, and serves it', async () => {
    supervisor = bridge(earthquakes, trades)
    await rounds(3)
    expect(twins.server.calls.map((call) => call.replace(/@.*/, ''))).toEqual(['start earthquakes.v1.g1', 'start trades.v1.g1'])
    expect(twins.server.sinks.get(query)).toMatchObject({
      format: 'kafka', outputMode: 'update', queryName: query, trigger: '1000 milliseconds',
      options: { 'kafka.bootstrap.servers': 'kafka:9092', topic: 'trades.v1.windows' },
      checkpoint: expect.stringMatching(/^\/checkpoints\/trades\.v1\.g1-[0-9a-f]{8}$/),
    })
    expect(generations()).toEqual(['1 served'])
    expect(states()[query]).toBe('starting')
    twins.server.finish('trades', { 0: 4 })
    await rounds()
    expect(states()[query]).toBe('running')
  })

  it('adopts what runs after a restart of its own, and starts nothing twice', async () => {
    twins.add(trades, { generation: 1, state: 'served', planHash: hash })
    const { runId } = twins.server.run(query)
    await rounds(2)
    expect(twins.server.calls).toEqual([])
    expect(views()).toMatchObject([{ name: query, runId }])
  })

  it('starts a query again, from the same checkpoint, after the server was restarted', async () => {
    await rounds(3)
    const checkpoint = twins.server.sinks.get(query)?.checkpoint
    twins.server.failure = new SparkError('spark_unreachable', 'read ECONNRESET')
    await rounds()
    expect(views()).toMatchObject([{ state: 'restarting', lastError: { code: 'spark_unreachable' } }])
    expect(() => { supervisor.health() }).toThrow('ECONNRESET')
    twins.server.failure = null
    twins.server.restart()
    await rounds(3)
    expect(twins.server.calls).toEqual([`start ${query}`, `start ${query}`])
    expect(twins.server.sinks.get(query)?.checkpoint).toBe(checkpoint)
    expect(generations()).toEqual(['1 served'])
  })

  it('starts a query again that somebody stopped', async () => {
    await rounds(3)
    twins.server.end(query, null)
    await rounds(2)
    expect(twins.server.calls).toEqual([`start ${query}`, `start ${query}`])
  })

  it('names a missing topic with its remedy, and tries again until it is there', async () => {
    await rounds(3)
    for (let failures = 0; failures < 3; failures += 1) {
      twins.server.end(query, new SparkError('spark_missing_topic', 'no such topic'))
      await rounds()
      expect(views()).toMatchObject([{ state: 'missing_topic', nextTryAt: expect.any(String), lastError: { code: 'spark_missing_topic', remedy: expect.stringContaining('provision') } }])
      await rounds(2)
      expect(states()[query]).toBe('missing_topic')
    }
    twins.server.finish(query, { 0: 1 })
    await rounds()
    expect(views()).toMatchObject([{ state: 'running', lastError: null, nextTryAt: null }])
  })

  it('leaves lost data to an operator: nothing is started until he says so', async () => {
    await rounds(3)
    twins.server.end(query, new SparkError('spark_data_loss', 'offsets are gone'))
    await rounds(10)
    expect(views()).toMatchObject([{ name: 'trades.v1.g1', state: 'data_loss', nextTryAt: null }])
    expect(twins.server.calls).toHaveLength(1)
    supervisor.streams[0]?.restart(1, { rebuild: false })
    await rounds()
    expect(twins.server.calls).toHaveLength(2)
  })

  it('stops and starts a running query when an operator asks for a restart', async () => {
    await rounds(3)
    supervisor.streams[0]?.restart(1, { rebuild: false })
    await rounds()
    expect(twins.server.calls).toEqual([`start ${query}`, `stop ${query}`, `start ${query}`])
  })

  it('shows a plan that Spark refuses, and does not try it again', async () => {
    twins.server.startFailure = new SparkError('spark_plan_refused', 'no such function')
    await rounds(8)
    expect(twins.server.calls).toHaveLength(1)
    expect(views()).toMatchObject([{ state: 'plan_invalid', lastError: { message: 'no such function' } }])
  })

  it('stops what is not declared, and leaves alone what is none of its queries', async () => {
    supervisor = bridge(earthquakes)
    twins.server.run(query)
    twins.server.run('somebody else')
    await rounds()
    expect(twins.server.calls).toEqual([`stop ${query}`])
  })
})

describe('a changed plan', () => {
  const changed: StreamDeclaration = { ...trades, latenessMs: 20_000 }
  const newHash = planHash(windowPlan(changed))

  beforeEach(async () => {
    await rounds(3)
    twins.server.finish('trades.v1.g1', { 0: 50, 1: 50 })
    twins.ends = { 0: 50n, 1: 50n }
    twins.status = { watermark: 900, highest: 1_000, publishedOffsets: { 0: 50, 1: 50 } }
    await rounds()
    supervisor = bridge(changed)
    await rounds(3)
  })

  it('is built beside the served generation, marked like it, and promoted when it is stored up to the end of the topic', async () => {
    expect(Object.keys(states())).toEqual([`trades.v1.g2@${newHash}`, query])
    expect(generations()).toEqual(['2 building', '1 served'])
    twins.server.finish('trades.v1.g2', { 0: 50, 1: 20 })
    await rounds(2)
    expect(states()).toEqual({ [`trades.v1.g2@${newHash}`]: 'building', [query]: 'running' })
    expect(twins.markers.filter(({ marker }) => marker.generation === 2)).toEqual([])

    twins.server.finish('trades.v1.g2', { 0: 50, 1: 50 })
    await rounds(3)
    expect(twins.markers.filter(({ marker }) => marker.generation === 2).map(({ partition }) => partition)).toEqual([0, 1])
    expect(generations()).toEqual(['2 building', '1 served'])

    twins.stored.set(2, { 0: 50, 1: 50 })
    await rounds(2)
    expect(generations()).toEqual(['2 served', '1 retired'])
    expect([...twins.server.running.keys()]).toEqual([`trades.v1.g2@${newHash}`])
  })

  it('keeps the older generation for the windows before its floor when the topic no longer begins at 0', async () => {
    twins.begins = { 0: 10n, 1: 0n }
    twins.records = [{ offset: 10n, key: null, value: Buffer.from('{"tradedAt":5000}'), headers: {}, timestamp: 0 }]
    twins.server.finish('trades.v1.g2', { 0: 50, 1: 50 })
    twins.stored.set(2, { 0: 50, 1: 50 })
    await rounds(4)
    expect(twins.generations.get('trades.v1')).toMatchObject([{ generation: 2, state: 'served', floor: 25_000 }, { generation: 1, state: 'served' }])
    expect([...twins.server.running.keys()]).toEqual([`trades.v1.g2@${newHash}`])
  })

  it('begins anew when its checkpoint breaks: nobody reads it yet', async () => {
    twins.server.end('trades.v1.g2', new SparkError('spark_checkpoint_corrupt', 'Incomplete log file'))
    await rounds(4)
    expect(generations()).toEqual(['3 building', '2 retired', '1 served'])
    expect([...twins.server.running.keys()]).toEqual([query, `trades.v1.g3@${newHash}`])
  })
})

describe('progress markers', () => {
  it('go to every partition once what was published is committed, and not again until something moves', async () => {
    await rounds(3)
    twins.status = { watermark: 900, publishedOffsets: { 0: 5, 1: 3 } }
    twins.server.finish(query, { 0: 5, 1: 2 })
    await rounds(2)
    expect(twins.markers).toEqual([])
    twins.server.finish(query, { 0: 6, 1: 3 })
    await rounds(3)
    const marker = { kind: 'progress', stream: 'trades', version: 1, generation: 1, watermark: 900, offsets: { 0: '5', 1: '3' } }
    expect(twins.markers).toEqual([{ topic: 'trades.v1.windows', partition: 0, marker }, { topic: 'trades.v1.windows', partition: 1, marker }])
    twins.status = { watermark: 950, publishedOffsets: { 0: 5, 1: 3 } }
    await rounds(2)
    expect(twins.markers).toHaveLength(4)
  })

  it('follow a steady flow, in which ingestion is ahead of the query at every moment', async () => {
    await rounds(3)
    for (const offset of [10, 20, 30, 40]) {
      twins.status = { watermark: offset * 100, publishedOffsets: { 0: offset } }
      twins.server.finish(query, { 0: offset - 5 })
      await rounds()
    }
    expect(twins.markers.filter(({ partition }) => partition === 0).map(({ marker }) => [marker.watermark, marker.offsets])).toEqual([[1_000, { 0: '10' }], [2_000, { 0: '20' }], [3_000, { 0: '30' }]])
  })
})

describe('while Cassandra is away', () => {
  it('queries that are known are looked after, and nothing new is begun', async () => {
    await rounds(4)
    twins.isCassandraAway = true
    twins.server.end(query, new SparkError('spark_broker_unreachable', 'timed out'))
    await rounds(3)
    expect(twins.server.calls).toEqual([`start ${query}`, `start ${query}`])
    twins.server.finish(query, { 0: 9 })
    await rounds()
    expect(views()).toMatchObject([{ state: 'running', committedOffsets: { 0: 9 }, lastError: { code: 'cassandra_unreachable' } }])
  })

  it('a bridge that has just begun waits, and says for what', async () => {
    twins.isCassandraAway = true
    await rounds(3)
    expect(twins.server.calls).toEqual([])
    expect(views()).toMatchObject([{ name: 'trades.v1', generation: null, state: 'starting', lastError: { code: 'cassandra_unreachable' } }])
  })
})

describe('what a batch tells', () => {
  it('is counted once, however often it is reported', async () => {
    await rounds(3)
    twins.server.finish(query, { 0: 4 }, { duplicates: 2, droppedByWatermark: 1, observed: { intake: { total: 5, malformed: 3 } }, latest: { 0: 9 }, stateRows: 12 })
    await rounds(3)
    twins.server.finish(query, { 0: 4 }, { isBatch: false, batchId: 1, duplicates: 2, droppedByWatermark: 1, observed: { intake: { total: 5, malformed: 3 } }, latest: { 0: 9 } })
    await rounds(3)
    expect(views()).toMatchObject([{ duplicates: 2, droppedByWatermark: 1, malformed: 3, lag: { 0: 5 }, stateRows: 12, batch: { id: 0, durationMs: 300 } }])
  })

  it('has its malformed records kept as dead letters where they lie', async () => {
    twins.records = [{ offset: 7n, key: Buffer.from('k'), value: Buffer.from('{"id":'), headers: {}, timestamp: 99 }]
    await rounds(3)
    twins.server.finish(query, { 0: 8, 1: 0 }, { from: { 0: 5, 1: 0 }, observed: { intake: { total: 3, malformed: 1 } } })
    await rounds(2)
    expect(twins.dead).toMatchObject([{ topic: 'trades.v1', partition: 0, offset: 7, reason: 'malformed' }])
  })
})
