import { beforeEach, describe, expect, it } from '@jest/globals'
import { configureLog } from '@millrace/observability'
import { planHash, SparkError, windowPlan } from '@millrace/spark-connect'
import type { StreamDeclaration } from '@millrace/stream-kit'
import { trades } from '@millrace/streams'
import { Supervised, tradesQuery } from './supervised.fixture.ts'

configureLog({ app: 'spec', write: () => undefined })

let world: Supervised
beforeEach(() => { world = new Supervised(trades) })

describe('a changed plan', () => {
  const changed: StreamDeclaration = { ...trades, latenessMs: 20_000 }
  const newHash = planHash(windowPlan(changed))

  beforeEach(async () => {
    await world.rounds(3)
    world.twins.server.finish('trades.v1.g1', { 0: 50, 1: 50 })
    world.twins.ends = { 0: 50n, 1: 50n }
    world.twins.status = { watermark: 900, highest: 1_000, publishedOffsets: { 0: 50, 1: 50 } }
    await world.rounds()
    world.bridge(changed)
    await world.rounds(3)
  })

  it('is built beside the served generation, marked like it, and promoted when it is stored up to the end of the topic', async () => {
    expect(Object.keys(world.states())).toEqual([`trades.v1.g2@${newHash}`, tradesQuery])
    expect(world.generations()).toEqual(['2 building', '1 served'])
    world.twins.server.finish('trades.v1.g2', { 0: 50, 1: 20 })
    await world.rounds(2)
    expect(world.states()).toEqual({ [`trades.v1.g2@${newHash}`]: 'building', [tradesQuery]: 'running' })
    expect(world.twins.markers.filter(({ marker }) => marker.generation === 2)).toEqual([])

    world.twins.server.finish('trades.v1.g2', { 0: 50, 1: 50 })
    await world.rounds(3)
    expect(world.twins.markers.filter(({ marker }) => marker.generation === 2).map(({ partition }) => partition)).toEqual([0, 1])
    expect(world.generations()).toEqual(['2 building', '1 served'])

    world.twins.stored.set(2, { 0: 50, 1: 50 })
    await world.rounds(2)
    expect(world.generations()).toEqual(['2 served', '1 retired'])
    expect([...world.twins.server.running.keys()]).toEqual([`trades.v1.g2@${newHash}`])
  })

  it('is not promoted while nobody knows where the topic ends, nor where its events are published', async () => {
    world.twins.isKafkaAway = true
    world.bridge(changed)
    world.twins.server.finish('trades.v1.g2', { 0: 50, 1: 49 })
    await world.rounds(12)
    expect(world.generations()).toEqual(['2 building', '1 served'])
    world.twins.isKafkaAway = false
    world.twins.isStatusAway = true
    world.twins.server.finish('trades.v1.g2', { 0: 50, 1: 50 })
    world.twins.stored.set(2, { 0: 50, 1: 50 })
    await world.rounds(12)
    expect(world.generations()).toEqual(['2 building', '1 served'])
  })

  it('keeps the older generation for the windows before its floor when the topic no longer begins at 0', async () => {
    world.twins.begins = { 0: 10n, 1: 0n }
    world.twins.records = [{ offset: 10n, key: null, value: Buffer.from('{"tradedAt":5000}'), headers: {}, timestamp: 0 }]
    world.twins.server.finish('trades.v1.g2', { 0: 50, 1: 50 })
    world.twins.stored.set(2, { 0: 50, 1: 50 })
    await world.rounds(4)
    expect(world.twins.generations.get('trades.v1')).toMatchObject([{ generation: 2, state: 'served', floor: 25_000 }, { generation: 1, state: 'served' }])
    expect([...world.twins.server.running.keys()]).toEqual([`trades.v1.g2@${newHash}`])
  })

  it('pays no heed to ranges that are computed meanwhile', async () => {
    world.twins.add(trades, { generation: 3, state: 'building', planHash: newHash, range: { from: 0, to: 60_000 } })
    world.twins.add(trades, { generation: 4, state: 'served', planHash: newHash, range: { from: 0, to: 60_000 } })
    await world.rounds(3)
    expect(world.generations()).toEqual(['4 served', '3 building', '2 building', '1 served'])
    expect([...world.twins.server.running.keys()]).toEqual([tradesQuery, `trades.v1.g2@${newHash}`])
  })

  it('begins anew when its checkpoint breaks: nobody reads it yet', async () => {
    world.twins.server.end('trades.v1.g2', new SparkError('spark_checkpoint_corrupt', 'Incomplete log file'))
    await world.rounds(4)
    expect(world.generations()).toEqual(['3 building', '2 retired', '1 served'])
    expect([...world.twins.server.running.keys()]).toEqual([tradesQuery, `trades.v1.g3@${newHash}`])
  })
})
