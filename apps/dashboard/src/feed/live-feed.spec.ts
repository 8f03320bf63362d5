import { beforeEach, describe, expect, it } from '@jest/globals'
import { problemOf, type Problem } from '../api/problem.ts'
import { HandClock } from '../time/hand-clock.fixture.ts'
import { LiveFeed, type EventStream } from './live-feed.ts'

/** An EventSource in the hands of a test. */
class HandStream implements EventStream {
  readyState = 0
  isClosed = false
  readonly #listeners = new Map<string, (event: { readonly data?: unknown }) => void>()

  addEventListener(type: string, listener: (event: { readonly data?: unknown }) => void): void {
    this.#listeners.set(type, listener)
  }

  close(): void {
    this.isClosed = true
  }

  say(type: string, data?: object): void {
    this.#listeners.get(type)?.({ data: data && JSON.stringify(data) })
  }

  open(): void {
    this.readyState = 1
    this.say('open')
  }

  /** 0: the browser tries again, 2: it does not. */
  fail(readyState: 0 | 2): void {
    this.readyState = readyState
    this.say('error')
  }
}

const slow = { code: 'store_slow', title: 'Not possible just now', detail: 'Try again later.', correlationId: 'c1' }
const refused = (status: number, retryAfterMs: number | null = null): Problem => problemOf({ ...slow, status, retryAfterMs })

let clock: HandClock
let streams: HandStream[]
let heard: unknown[]
let why: Problem | null
let feed: LiveFeed

beforeEach(() => {
  clock = new HandClock()
  streams = []
  heard = []
  why = null
  feed = new LiveFeed({
    open: () => { const stream = new HandStream(); streams.push(stream); return stream },
    explain: () => Promise.resolve(why),
    clock, random: () => 0.5,
    onReset: (from) => heard.push(['reset', from]), onRow: (row) => heard.push(['row', row]), onProgress: (progress) => heard.push(['progress', progress]), onState: ({ is }) => heard.push(is),
  })
  feed.start()
})

const stream = (): HandStream => streams.at(-1) ?? new HandStream()
const settled = async (): Promise<void> => { for (let turn = 0; turn < 10; turn += 1) await Promise.resolve() }

describe('a live feed', () => {
  it('hands over what comes, in the order in which it comes', () => {
    stream().open()
    stream().say('reset', { from: '2026-11-22T19:00:00.000Z' })
    stream().say('window', { symbol: 'ALDR', events: 3 })
    stream().say('progress', { generation: 3, finalUntil: null, storedAt: '1970-01-01T00:00:05.000Z' })
    expect(heard).toEqual(['connecting', 'live', ['reset', Date.parse('2026-11-22T19:00:00Z')], ['row', { symbol: 'ALDR', events: 3 }], ['progress', { generation: 3, finalUntil: null, storedAt: 5_000 }]])
  })

  it('that breaks is continued by the browser: rows go on without a reset, and nothing is forgotten', () => {
    stream().open()
    clock.pass(5_000)
    stream().fail(0)
    expect(feed.state).toEqual({ is: 'reconnecting', since: 5_000 })
    clock.pass(3_000)
    stream().fail(0)
    expect(feed.state).toEqual({ is: 'reconnecting', since: 5_000 })
    stream().open()
    stream().say('window', { events: 4 })
    expect([streams.length, feed.state.is, heard.filter((one) => Array.isArray(one))]).toEqual([1, 'live', [['row', { events: 4 }]]])
  })

  it('whose store is away says so since when, and is live again with the next progress', () => {
    stream().open()
    clock.pass(1_000)
    stream().say('problem', slow)
    clock.pass(4_000)
    stream().say('problem', slow)
    expect(feed.state).toMatchObject({ is: 'away', since: 1_000, problem: { code: 'store_slow', correlationId: 'c1', status: 503 } })
    stream().say('progress', { generation: 3, finalUntil: null, storedAt: null })
    expect(feed.state).toEqual({ is: 'live', since: 5_000 })
  })

  it('that is refused says why, and is asked for again, later and later', async () => {
    why = refused(503)
    const waits: number[][] = []
    for (let time = 0; time < 4; time += 1) {
      stream().fail(2)
      await settled()
      waits.push(clock.waits)
      expect(feed.state).toMatchObject({ is: 'refused', since: 0, problem: { status: 503 }, retryAt: clock.now() + (clock.waits[0] ?? 0) })
      clock.pass(clock.waits[0] ?? 0)
    }
    expect([waits, streams.length, streams[0]?.isClosed]).toEqual([[[1_000], [2_000], [4_000], [8_000]], 5, true])
  })

  it('stays refused in its words until it is open', async () => {
    why = refused(503)
    stream().fail(2)
    await settled()
    clock.pass(1_000)
    expect([streams.length, feed.state.is]).toEqual([2, 'refused'])
    stream().open()
    expect(feed.state).toEqual({ is: 'live', since: 1_000 })
  })

  it('waits as long as it is asked to', async () => {
    why = refused(429, 7_000)
    stream().fail(2)
    await settled()
    expect(clock.waits).toEqual([7_000])
  })

  it('that nothing is declared for is asked for only seldom', async () => {
    why = refused(404)
    stream().fail(2)
    await settled()
    expect(clock.waits).toEqual([30_000])
  })

  it('that would not be refused any more is opened again without a word of a problem', async () => {
    stream().fail(2)
    await settled()
    expect([feed.state.is, clock.waits]).toEqual(['reconnecting', [1_000]])
  })

  it('starts with short waits again once it has made progress', async () => {
    why = refused(503)
    stream().fail(2)
    await settled()
    clock.pass(1_000)
    stream().open()
    stream().say('progress', { generation: 1, finalUntil: null, storedAt: null })
    stream().fail(2)
    await settled()
    expect(clock.waits).toEqual([1_000])
  })

  it('that is stopped is closed, hears nothing more and asks for nothing', async () => {
    why = refused(503)
    const [first] = streams
    stream().fail(2)
    feed.stop()
    await settled()
    first?.say('window', { events: 1 })
    expect([first?.isClosed, feed.state.is, clock.waits, heard]).toEqual([true, 'resting', [], ['connecting', 'resting']])
    feed.start()
    expect([streams.length, feed.state.is]).toEqual([2, 'connecting'])
  })

  it('leaves out what it cannot read', () => {
    stream().open()
    stream().say('window')
    stream().say('progress')
    expect(heard).toEqual(['connecting', 'live'])
  })
})
