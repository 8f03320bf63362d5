import { beforeEach, describe, expect, it } from '@jest/globals'
import { configureLog } from '@millrace/observability'
import { SparkError } from '@millrace/spark-connect'
import { earthquakes, trades } from '@millrace/streams'
import { Supervised, tradesHash, tradesQuery } from './supervised.fixture.ts'

configureLog({ app: 'spec', write: () => undefined })

let world: Supervised
beforeEach(() => { world = new Supervised(trades) })

describe('the supervisor', () => {
  it('starts the first query of each stream from a checkpoint of its own, and serves it', async () => {
    world.bridge(earthquakes, trades)
    await world.rounds(3)
    expect(world.twins.server.calls.map((call) => call.replace(/@.*/, ''))).toEqual(['start earthquakes.v1.g1', 'start trades.v1.g1'])
    expect(world.twins.server.sinks.get(tradesQuery)).toMatchObject({
      format: 'kafka', outputMode: 'update', queryName: tradesQuery, trigger: '1000 milliseconds',
      options: { 'kafka.bootstrap.servers': 'kafka:9092', topic: 'trades.v1.windows' },
      checkpoint: expect.stringMatching(/^\/checkpoints\/trades\.v1\.g1-[0-9a-f]{8}$/),
    })
    expect(world.generations()).toEqual(['1 served'])
    expect(world.states()[tradesQuery]).toBe('starting')
    world.twins.server.finish('trades', { 0: 4 })
    await world.rounds()
    expect(world.states()[tradesQuery]).toBe('running')
  })

  it('adopts what runs after a restart of its own, and starts nothing twice', async () => {
    world.twins.add(trades, { generation: 1, state: 'served', planHash: tradesHash })
    const { runId } = world.twins.server.run(tradesQuery)
    await world.rounds(2)
    expect(world.twins.server.calls).toEqual([])
    expect(world.views()).toMatchObject([{ name: tradesQuery, runId }])
  })

  it('starts a query again, from the same checkpoint, after the server was restarted', async () => {
    await world.rounds(3)
    const checkpoint = world.twins.server.sinks.get(tradesQuery)?.checkpoint
    world.twins.server.failure = new SparkError('spark_unreachable', 'read ECONNRESET')
    await world.rounds()
    expect(world.views()).toMatchObject([{ state: 'restarting', lastError: { code: 'spark_unreachable' } }])
    expect(() => { world.supervisor.health() }).toThrow('ECONNRESET')
    world.twins.server.failure = null
    world.twins.server.restart()
    await world.rounds(3)
    expect(world.twins.server.calls).toEqual([`start ${tradesQuery}`, `start ${tradesQuery}`])
    expect(world.twins.server.sinks.get(tradesQuery)?.checkpoint).toBe(checkpoint)
    expect(world.generations()).toEqual(['1 served'])
  })

  it('starts a query again that somebody stopped', async () => {
    await world.rounds(3)
    world.twins.server.end(tradesQuery, null)
    await world.rounds(2)
    expect(world.twins.server.calls).toEqual([`start ${tradesQuery}`, `start ${tradesQuery}`])
  })

  it('names a missing topic with its remedy, and tries again until it is there', async () => {
    await world.rounds(3)
    for (let failures = 0; failures < 3; failures += 1) {
      world.twins.server.end(tradesQuery, new SparkError('spark_missing_topic', 'no such topic'))
      await world.rounds()
      expect(world.views()).toMatchObject([{ state: 'missing_topic', nextTryAt: expect.any(String), lastError: { code: 'spark_missing_topic', remedy: expect.stringContaining('provision') } }])
      await world.rounds(2)
      expect(world.states()[tradesQuery]).toBe('missing_topic')
    }
    world.twins.server.finish(tradesQuery, { 0: 1 })
    await world.rounds()
    expect(world.views()).toMatchObject([{ state: 'running', lastError: null, nextTryAt: null }])
  })

  it('leaves lost data to an operator: nothing is started until he says so', async () => {
    await world.rounds(3)
    world.twins.server.end(tradesQuery, new SparkError('spark_data_loss', 'offsets are gone'))
    await world.rounds(10)
    expect(world.views()).toMatchObject([{ name: 'trades.v1.g1', state: 'data_loss', nextTryAt: null }])
    expect(world.twins.server.calls).toHaveLength(1)
    world.supervisor.streams[0]?.restart(1, { rebuild: false })
    await world.rounds()
    expect(world.twins.server.calls).toHaveLength(2)
  })

  it('stops and starts a running query when an operator asks for a restart', async () => {
    await world.rounds(3)
    world.supervisor.streams[0]?.restart(1, { rebuild: false })
    await world.rounds()
    expect(world.twins.server.calls).toEqual([`start ${tradesQuery}`, `stop ${tradesQuery}`, `start ${tradesQuery}`])
  })

  it('shows a plan that Spark refuses, and does not try it again', async () => {
    world.twins.server.startFailure = new SparkError('spark_plan_refused', 'no such function')
    await world.rounds(8)
    expect(world.twins.server.calls).toHaveLength(1)
    expect(world.views()).toMatchObject([{ state: 'plan_invalid', lastError: { message: 'no such function' } }])
  })

  it('stops what is not declared, and leaves alone what is none of its queries', async () => {
    world.bridge(earthquakes)
    world.twins.server.run(tradesQuery)
    world.twins.server.run('somebody else')
    await world.rounds()
    expect(world.twins.server.calls).toEqual([`stop ${tradesQuery}`])
  })
})

describe('progress markers', () => {
  it('go to every partition once what was published is committed, and not again until something moves', async () => {
    await world.rounds(3)
    world.twins.status = { watermark: 900, publishedOffsets: { 0: 5, 1: 3 } }
    world.twins.server.finish(tradesQuery, { 0: 5, 1: 2 })
    await world.rounds(2)
    expect(world.twins.markers).toEqual([])
    world.twins.server.finish(tradesQuery, { 0: 6, 1: 3 })
    await world.rounds(3)
    const marker = { kind: 'progress', stream: 'trades', version: 1, generation: 1, watermark: 900, offsets: { 0: '5', 1: '3' } }
    expect(world.twins.markers).toEqual([{ topic: 'trades.v1.windows', partition: 0, marker }, { topic: 'trades.v1.windows', partition: 1, marker }])
    world.twins.status = { watermark: 950, publishedOffsets: { 0: 5, 1: 3 } }
    await world.rounds(2)
    expect(world.twins.markers).toHaveLength(4)
  })

  it('follow a steady flow, in which ingestion is ahead of the query at every moment', async () => {
    await world.rounds(3)
    for (const offset of [10, 20, 30, 40]) {
      world.twins.status = { watermark: offset * 100, publishedOffsets: { 0: offset } }
      world.twins.server.finish(tradesQuery, { 0: offset - 5 })
      await world.rounds()
    }
    expect(world.twins.markers.filter(({ partition }) => partition === 0).map(({ marker }) => [marker.watermark, marker.offsets])).toEqual([[1_000, { 0: '10' }], [2_000, { 0: '20' }], [3_000, { 0: '30' }]])
  })
})

describe('while Cassandra is away', () => {
  it('queries that are known are looked after, and nothing new is begun', async () => {
    await world.rounds(4)
    world.twins.isCassandraAway = true
    world.twins.server.end(tradesQuery, new SparkError('spark_broker_unreachable', 'timed out'))
    await world.rounds(3)
    expect(world.twins.server.calls).toEqual([`start ${tradesQuery}`, `start ${tradesQuery}`])
    world.twins.server.finish(tradesQuery, { 0: 9 })
    await world.rounds()
    expect(world.views()).toMatchObject([{ state: 'running', committedOffsets: { 0: 9 }, lastError: { code: 'cassandra_unreachable' } }])
  })

  it('a bridge that has just begun waits, and says for what', async () => {
    world.twins.isCassandraAway = true
    await world.rounds(3)
    expect(world.twins.server.calls).toEqual([])
    expect(world.views()).toMatchObject([{ name: 'trades.v1', generation: null, state: 'starting', lastError: { code: 'cassandra_unreachable' } }])
  })
})

describe('what a batch tells', () => {
  it('is counted once, however often it is reported', async () => {
    await world.rounds(3)
    world.twins.server.finish(tradesQuery, { 0: 4 }, { duplicates: 2, droppedByWatermark: 1, observed: { intake: { total: 5, malformed: 3 } }, latest: { 0: 9 }, stateRows: 12 })
    await world.rounds(3)
    world.twins.server.finish(tradesQuery, { 0: 4 }, { isBatch: false, batchId: 1, duplicates: 2, droppedByWatermark: 1, observed: { intake: { total: 5, malformed: 3 } }, latest: { 0: 9 } })
    await world.rounds(3)
    expect(world.views()).toMatchObject([{ duplicates: 2, droppedByWatermark: 1, malformed: 3, lag: { 0: 5 }, stateRows: 12, batch: { id: 0, durationMs: 300 } }])
  })

  it('has the windows counted again of which Spark has dropped events, and nothing without that', async () => {
    world.twins.records = [{ offset: 5n, key: null, value: Buffer.from('{"id":"t","tradedAt":7200000}'), headers: {}, timestamp: 1 }]
    world.twins.stored.set(1, {})
    world.twins.finalUntil = 7_300_000
    await world.rounds(3)
    world.twins.server.finish(tradesQuery, { 0: 5 }, { from: { 0: 0 } })
    await world.rounds(3)
    expect(await world.twins.recounts.open()).toEqual([])
    world.twins.server.finish(tradesQuery, { 0: 6 }, { from: { 0: 5 }, droppedByWatermark: 1 })
    await world.rounds(3)
    expect(await world.twins.recounts.open()).toMatchObject([{ stream: 'trades', generation: 1, from: 3_600_000, to: 7_210_000 }])
  })

  it('has its malformed records kept as dead letters where they lie', async () => {
    world.twins.records = [{ offset: 7n, key: Buffer.from('k'), value: Buffer.from('{"id":'), headers: {}, timestamp: 99 }]
    await world.rounds(3)
    world.twins.server.finish(tradesQuery, { 0: 8, 1: 0 }, { from: { 0: 5, 1: 0 }, observed: { intake: { total: 3, malformed: 1 } } })
    await world.rounds(2)
    expect(world.twins.dead).toMatchObject([{ topic: 'trades.v1', partition: 0, offset: 7, reason: 'malformed' }])
  })

  it('has them kept, too, when bridge and server died before anybody heard of the batch', async () => {
    world.twins.records = [{ offset: 7n, key: Buffer.from('k'), value: Buffer.from('{"id":'), headers: {}, timestamp: 99 }]
    await world.rounds(3)
    world.twins.server.finish(tradesQuery, { 0: 5 }, { from: {} })
    await world.rounds(2)
    world.twins.server.finish(tradesQuery, { 0: 8 }, { from: { 0: 5 }, observed: { intake: { total: 3, malformed: 1 } } })
    world.twins.server.restart()
    world.bridge(trades)
    await world.rounds(3)
    expect(world.twins.dead).toEqual([])
    world.twins.server.finish(tradesQuery, { 0: 9 }, { from: { 0: 8 } })
    await world.rounds(2)
    expect(world.twins.dead).toMatchObject([{ topic: 'trades.v1', partition: 0, offset: 7, reason: 'malformed' }])
  })
})
