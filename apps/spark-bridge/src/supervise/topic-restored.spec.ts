import { beforeEach, describe, expect, it } from '@jest/globals'
import { firstTopic } from '@millrace/cassandra'
import { configureLog } from '@millrace/observability'
import { SparkError } from '@millrace/spark-connect'
import { trades } from '@millrace/streams'
import { Supervised, tradesHash, tradesQuery } from './supervised.fixture.ts'

configureLog({ app: 'spec', write: () => undefined })

let world: Supervised
beforeEach(() => { world = new Supervised(trades) })

/** Fewer records than before: repetitions are gone. */
const restored = { watermark: 950, highest: 1_050, publishedOffsets: { 0: 48, 1: 45 }, topic: { ...firstTopic, incarnation: 1, begins: { 0: 7, 1: 0 } } }
const markersOf = (generation: number) => world.twins.markers.filter(({ marker }) => marker.generation === generation).map(({ marker }) => marker.watermark)

describe('a stream whose topic was lost and restored', () => {
  beforeEach(async () => {
    world.twins.status = { watermark: 900, highest: 1_000, publishedOffsets: { 0: 50, 1: 50 } }
    await world.rounds(3)
    world.twins.server.finish('trades.v1.g1', { 0: 50, 1: 50 })
    world.twins.ends = { 0: 50n, 1: 50n }
    await world.rounds(2)
    expect(markersOf(1)).toEqual([900, 900])
  })

  it('says nothing final of the old generation, whose offsets lie ahead of the new ones', async () => {
    world.twins.status = restored
    await world.rounds(3)
    expect(markersOf(1)).toEqual([900, 900])
    expect(world.supervisor.streams[0]?.isComparable(1)).toBe(false)
  })

  it('speaks of no offsets as reached while the restore is due', async () => {
    expect(world.supervisor.streams[0]?.isComparable(1)).toBe(true)
    world.twins.status = { watermark: 900, highest: 1_000, publishedOffsets: { 0: 50, 1: 50 }, topic: { ...firstTopic, isReplaced: true } }
    await world.rounds()
    expect(world.supervisor.streams[0]?.isComparable(1)).toBe(false)
  })

  it.each([['has ended with a loss of data', true], ['has noticed nothing', false]])('is built anew by itself when its query %s, and served when it has caught up', async (_, hasFailed) => {
    if (hasFailed) world.twins.server.end('trades.v1.g1', new SparkError('spark_data_loss', 'gone'))
    await world.rounds(2)
    expect(world.states()).toEqual({ [hasFailed ? 'trades.v1.g1' : tradesQuery]: hasFailed ? 'data_loss' : 'running' })
    world.twins.status = restored
    world.twins.begins = { 0: 7n, 1: 0n }
    world.twins.ends = { 0: 48n, 1: 45n }
    await world.rounds(4)
    expect([...world.twins.server.running.keys()]).toEqual([`trades.v1.g2@${tradesHash}`])
    expect(world.twins.generations.get('trades.v1')?.[0]).toMatchObject({ generation: 2, kind: 'rebuild', incarnation: 1 })
    world.twins.server.finish('trades.v1.g2', { 0: 48, 1: 45 })
    await world.rounds(3)
    expect(world.generations()).toEqual(['2 building', '1 served'])
    expect(markersOf(2)).toEqual([950, 950])
    world.twins.stored.set(2, { 0: 48, 1: 45 })
    await world.rounds(2)
    expect(world.generations()).toEqual(['2 served', '1 retired'])
    expect(world.twins.generations.get('trades.v1')?.[0]?.floor).toBeNull()
  })

  it('looks no more for what was on the old log', async () => {
    world.twins.server.finish('trades.v1.g1', { 0: 9_000, 1: 50 }, { from: { 0: 50, 1: 50 }, observed: { intake: { total: 9, malformed: 2 } }, droppedByWatermark: 1 })
    world.twins.refusesRanges = true
    await world.rounds(3)
    expect(world.views()[0]?.lastError).toMatchObject({ code: 'kafka_range_gone' })
    world.twins.status = restored
    await world.rounds(3)
    expect(world.views().map(({ lastError }) => lastError)).toEqual([null, null])
  })

  it('is not promoted while the topic is lost once more', async () => {
    world.twins.status = restored
    world.twins.ends = { 0: 48n, 1: 45n }
    await world.rounds(3)
    world.twins.server.finish('trades.v1.g2', { 0: 48, 1: 45 })
    world.twins.stored.set(2, { 0: 48, 1: 45 })
    world.twins.status = { ...restored, topic: { ...restored.topic, isReplaced: true } }
    await world.rounds(4)
    expect(world.generations()).toEqual(['2 building', '1 served'])
  })
})
