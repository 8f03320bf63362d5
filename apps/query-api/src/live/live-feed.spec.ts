import { CassandraError } from '@millrace/cassandra'
import { findLiveRoute } from '@millrace/rest'
import { catalogue } from '@millrace/streams'
import { FakeClock } from '@millrace/testing'
import { beforeEach, describe, expect, it } from '@jest/globals'
import type { MessageEvent } from '@nestjs/common'
import { ServedGenerations } from '../served-generations.ts'
import { TwinGenerations, Twins, TwinWindows } from '../stores.fixture.ts'
import { ViewRows } from '../view-rows.ts'
import { LiveFeed } from './live-feed.ts'
import { LiveReader } from './live-reader.ts'

const hour = 3_600_000
const start = Date.parse('2018-02-01T00:00:00Z')
const everyMs = 1_000
let twins: Twins
let clock: FakeClock
let feed: LiveFeed

const quake = (at: number, events: number) => ({ group: ['ci'], start: start + at * hour, end: start + (at + 1) * hour, events, generation: 1, measures: {} })

function follower(from: number | null = null): { readonly reader: LiveReader, readonly events: MessageEvent[] } {
  const reader = new LiveReader({ from, place: null, since: clock.now(), correlationId: 'c' })
  const events: MessageEvent[] = []
  reader.events.subscribe((event) => events.push(event))
  return { reader, events }
}
const types = (events: readonly MessageEvent[]) => events.map(({ type, comment }) => type ?? `comment ${comment ?? ''}`)

beforeEach(() => {
  twins = new Twins()
  twins.served['earthquakes.v1'] = [{ generation: 1, floor: null }]
  twins.progress['earthquakes.v1 1'] = { finalUntil: start + hour, stored: {}, storedAt: 0 }
  twins.windows['earthquakes.v1 per-hour'] = [quake(0, 3), quake(1, 2)]
  clock = new FakeClock()
  const generations = new ServedGenerations(new TwinGenerations(twins), clock)
  feed = new LiveFeed(findLiveRoute(catalogue, '/v1/live/earthquakes/per-hour'), { rows: new ViewRows(new TwinWindows(twins), generations), generations, highest: () => Promise.resolve(start + hour), clock, everyMs })
})

describe('a feed that somebody follows', () => {
  it('reads no row while nothing is stored', async () => {
    const { reader } = follower()
    await feed.join(reader)
    const before = twins.asked.length
    await clock.advance(10 * everyMs)
    expect(twins.asked.length).toBe(before)
    feed.close()
  })

  it('reads the rows once for all of its readers', async () => {
    const readers = [follower(), follower(), follower()]
    for (const { reader } of readers) await feed.join(reader)
    const before = twins.asked.length
    twins.windows['earthquakes.v1 per-hour'] = [quake(0, 3), quake(1, 9)]
    twins.progress['earthquakes.v1 1'] = { finalUntil: start + hour, stored: {}, storedAt: 1 }
    await clock.advance(everyMs)
    expect(twins.asked.length).toBe(before + 1)
    expect(readers.map(({ events }) => types(events).slice(4))).toEqual(Array.from({ length: 3 }, () => ['window', 'progress']))
    feed.close()
  })

  it('says nothing of older windows than a reader has asked for, also when they change', async () => {
    twins.progress['earthquakes.v1 1'] = { finalUntil: start, stored: {}, storedAt: 0 }
    const { reader, events } = follower(start + hour)
    await feed.join(reader)
    twins.progress['earthquakes.v1 1'] = { finalUntil: start, stored: {}, storedAt: 1 }
    twins.windows['earthquakes.v1 per-hour'] = [quake(0, 4), quake(1, 9)]
    await clock.advance(everyMs)
    expect(events.flatMap(({ type, data }) => (type === 'window' ? [(data as { events: number }).events] : []))).toEqual([2, 9])
    feed.close()
  })

  it('says once that it sees nothing, however long that lasts, and that it is over', async () => {
    const { reader, events } = follower()
    await feed.join(reader)
    twins.reading = () => Promise.reject(new CassandraError('cassandra_unreachable', 'Nobody answers.'))
    await clock.advance(5 * everyMs)
    expect(types(events).slice(4)).toEqual(['problem'])
    twins.reading = () => Promise.resolve()
    await clock.advance(everyMs)
    expect(types(events).slice(4)).toEqual(['problem', 'progress'])
    feed.close()
  })

  it('sends a comment after a quarter of a minute of silence', async () => {
    const { reader, events } = follower()
    await feed.join(reader)
    await clock.advance(14_000)
    expect(types(events)).toEqual(['reset', 'window', 'window', 'progress'])
    await clock.advance(1_000)
    expect(types(events).slice(4)).toEqual(['comment '])
    await clock.advance(15_000)
    expect(types(events).slice(4)).toEqual(['comment ', 'comment '])
    feed.close()
  })

  it('ends a connection after a quarter of an hour, and looks no more when nobody is left', async () => {
    const { reader } = follower()
    await feed.join(reader)
    await clock.advance(14 * 60_000)
    expect(reader.isEnded).toBe(false)
    await clock.advance(60_000)
    expect([reader.isEnded, feed.isIdle, clock.sleepers]).toEqual([true, true, 0])
  })

  it('lets only the one go who would have to begin anew with too much', async () => {
    const all = follower(start)
    const few = follower(start + hour)
    await feed.join(all.reader)
    await feed.join(few.reader)
    twins.windows['earthquakes.v1 per-hour'] = Array.from({ length: 11_000 }, (_, at) => ({ ...quake(0, 1), group: [`n${at}`], generation: 2 }))
    twins.progress['earthquakes.v1 2'] = { finalUntil: start + hour, stored: {}, storedAt: 0 }
    twins.served['earthquakes.v1'] = [{ generation: 2, floor: null }]
    await clock.advance(everyMs)
    expect([types(all.events).at(-1), all.reader.isEnded]).toEqual(['problem', true])
    expect([types(few.events).at(-1), few.reader.isEnded]).toEqual(['progress', false])
    feed.close()
  })

  it('does not take in who has left before it could begin', async () => {
    const { reader } = follower()
    const joining = feed.join(reader)
    reader.end()
    feed.leave(reader)
    await joining
    expect([feed.isIdle, clock.sleepers]).toEqual([true, 0])
  })
})
