import { beforeEach, describe, expect, it, jest } from '@jest/globals'
import { included, includedAt, noFigures, noLate, servedOf, type Replay } from '@millrace/cassandra'
import { eventId } from '@millrace/kafka'
import { configureLog } from '@millrace/observability'
import { waitUntil } from '@millrace/service'
import { SparkError } from '@millrace/spark-connect'
import { defineCatalogue } from '@millrace/stream-kit'
import { trades } from '@millrace/streams'
import { Twins } from '../twins.fixture.ts'
import { declaredPlan, type ReplaySurroundings } from './build-range.ts'
import { CarryingPromotions } from './promotions.ts'
import { ReplayQueue } from './replay-queue.ts'

configureLog({ app: 'spec', write: () => undefined })

jest.setTimeout(30_000)

const hour = 3_600_000
/** Its windows are kept for two hours: those of `start` for half an hour yet. */
const now = 1_000.5 * hour
const start = 999 * hour

let twins: Twins

/** A bridge that may die: from its last call on nothing comes back to it, as if it had been killed there. */
class Mortal {
  calls = 0
  isDead = false

  constructor(private readonly lastCall: number, private readonly isDone: boolean) {}

  readonly of = <T extends object>(port: T, ...names: (keyof T)[]): T => new Proxy(port, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      const call = value.bind(target) as (...args: unknown[]) => Promise<unknown>
      return names.includes(name as keyof T) ? (...args: unknown[]) => this.#live(() => call(...args)) : call
    },
  })

  async #live(call: () => Promise<unknown>): Promise<unknown> {
    if (this.isDead) return new Promise(() => undefined)
    this.calls += 1
    const isLast = this.calls === this.lastCall
    if (!isLast) return call()
    if (this.isDone) await call()
    this.isDead = true
    return new Promise(() => undefined)
  }
}

const bridge = (mortal = new Mortal(Infinity, true)) => {
  const base = twins.aroundReplays
  const around: ReplaySurroundings = {
    ...base,
    generations: mortal.of(base.generations, 'read', 'allocate', 'promote', 'retire'), inclusions: mortal.of(base.inclusions, 'choose'),
    builder: mortal.of(base.builder, 'build'), markers: mortal.of(base.markers, 'send'), stored: mortal.of(base.stored, 'read'),
  }
  const queue = new ReplayQueue({ catalogue: defineCatalogue([trades]), store: mortal.of(twins.replays, 'save', 'open'), around })
  queue.open()
  return { queue, around }
}

const enter = async (change: Partial<Replay> = {}): Promise<string> => {
  const replay: Replay = {
    id: `r${twins.replays.replays.size}`, stream: 'trades', version: 1, kind: 'include', state: 'queued', asked: { from: null, to: null, ids: null, isDryRun: false }, from: null, to: null, generation: null, against: [],
    offsets: {}, figures: noFigures, differences: [], late: noLate, error: null, attempts: 0, createdAt: twins.replays.replays.size, endedAt: null, ...change,
  }
  await twins.replays.create(replay)
  return replay.id
}
const isDone = async (id: string) => ['ready', 'succeeded', 'failed', 'abandoned', 'discarded'].includes((await twins.replays.find(id))?.state ?? '')
const done = async (id: string) => {
  await waitUntil(() => isDone(id), { deadlineMs: 20_000, everyMs: 1, what: `${id} to be done` })
  return await twins.replays.find(id)
}

/** A late event, kept as it would have been on the topic. */
function late(id: string, at = start + 5): string {
  const event = { id, symbol: 'AAA', price: 1, size: 2, tradedAt: at }
  twins.inclusions.letters.push({ eventId: eventId(trades, event), eventTime: at, reason: 'late', detail: '', origin: '{"topic":"trades.v1","partition":0,"offset":"1"}', run: '', receivedAt: 0, value: Buffer.from(JSON.stringify(event)) })
  return eventId(trades, event)
}

const generations = () => twins.generations.get('trades.v1') ?? []
const ranges = () => generations().filter(({ range }) => range)
const countedIn = (at: number) => includedAt(servedOf(generations()), { start: at, end: at + hour })

beforeEach(() => {
  twins = new Twins()
  twins.now = now
  twins.finalUntil = now - hour / 6
  twins.ends = { 0: 20n, 1: 30n }
  twins.add(trades, { generation: 1, state: 'served', planHash: declaredPlan(trades) })
  twins.stored.set(1, {})
  twins.builder.onBuild = ({ generation }) => { twins.stored.set(generation, {}) }
})

describe('the inclusion of late events', () => {
  it('builds their windows with them, on the way of all rows, and promotes them', async () => {
    const id = late('a')
    bridge()
    expect(await done(await enter())).toMatchObject({ state: 'succeeded', generation: 2, from: start, to: start + hour, late: { chosen: 1 }, against: [1], offsets: { 0: 20, 1: 30 } })
    expect(twins.builder.built).toEqual([{ begins: { 0: 0, 1: 0 }, ends: { 0: 20, 1: 30 }, floor: null, from: start, to: start + hour, generation: 2, included: [`{"id":"a","symbol":"AAA","price":1,"size":2,"tradedAt":${start + 5}}`] }])
    expect(twins.markers.map(({ partition, marker }) => [partition, marker.generation, marker.watermark])).toEqual([[0, 2, start + hour], [1, 2, start + hour]])
    expect([countedIn(start), [...included(twins.inclusions.choices, generations()).keys()]]).toEqual([1, [id]])
  })

  it('counts those before it, too, and each once', async () => {
    late('a')
    bridge()
    await done(await enter())
    late('b')
    const { queue } = bridge()
    const second = await enter()
    queue.refresh()
    expect(await done(second)).toMatchObject({ state: 'succeeded', late: { chosen: 1, included: 1 } })
    expect([countedIn(start), ranges().map(({ state }) => state), twins.builder.built.at(-1)?.included.length]).toEqual([2, ['served', 'retired'], 2])
    const third = await enter()
    queue.refresh()
    expect(await done(third)).toMatchObject({ state: 'succeeded', generation: null, late: { chosen: 0, included: 2 } })
  })

  it('leaves out what is not final, what is too old, and what is no event any more', async () => {
    late('open', now - hour / 6 - 1)
    late('expired', start - 1)
    late('fine')
    late('cut')
    twins.inclusions.letters.push(...twins.inclusions.letters.splice(3).map((letter) => ({ ...letter, value: Buffer.from('{"id":"cut') })))
    bridge()
    expect((await done(await enter({ asked: { from: start - hour, to: now, ids: null, isDryRun: false } })))?.late).toEqual({ chosen: 1, included: 0, open: 1, expired: 1, unreadable: 1 })
  })

  it('as a dry run is ready, and changes nothing', async () => {
    late('a')
    bridge()
    expect(await done(await enter({ asked: { from: null, to: null, ids: null, isDryRun: true } }))).toMatchObject({ state: 'ready', late: { chosen: 1 } })
    expect([countedIn(start), included(twins.inclusions.choices, generations()).size, ranges().map(({ state }) => state)]).toEqual([0, 0, ['building']])
  })

  it('is decided anew when something else is promoted while it builds', async () => {
    late('a')
    twins.builder.onBuild = async ({ generation }) => {
      twins.stored.set(generation, {})
      if (generation !== 2) return
      twins.add(trades, { generation: 9, state: 'building', planHash: declaredPlan(trades) })
      twins.stored.set(9, {})
      await twins.aroundReplays.generations.promote(trades, 9)
    }
    bridge()
    expect(await done(await enter())).toMatchObject({ state: 'succeeded', generation: 10, attempts: 2, against: [9] })
    expect([countedIn(start), ranges().map(({ generation, state }) => `${generation} ${state}`)]).toEqual([1, ['10 served', '2 retired']])
  })

  it('waits while another plan is on its way', async () => {
    late('a')
    twins.generations.set('trades.v1', generations().map((one) => ({ ...one, planHash: 'older' })))
    bridge()
    const id = await enter()
    twins.onSleep = () => {
      if (twins.replays.replays.get(id)?.attempts === 3) twins.generations.set('trades.v1', generations().map((one) => ({ ...one, planHash: declaredPlan(trades) })))
    }
    expect(await done(id)).toMatchObject({ state: 'succeeded', attempts: 4 })
  })

  it('ends when it cannot succeed, and leaves nothing behind', async () => {
    late('a')
    twins.builder.failures.push(new SparkError('spark_unreachable', 'away'), new SparkError('spark_plan_refused', 'no'))
    bridge()
    expect(await done(await enter())).toMatchObject({ state: 'failed', attempts: 2, error: { code: 'spark_plan_refused' } })
    expect([ranges().map(({ state }) => state), countedIn(start)]).toEqual([['retired', 'retired'], 0])
  })
})

/** Every call that changes or asks something is the last of a bridge once: before it is done, and after. */
describe('a bridge that dies anywhere', () => {
  const deaths = Array.from({ length: 16 }, (_, index) => index + 1).flatMap((call) => [[call, 'before'], [call, 'after']] as const)

  it.each(deaths)('at call %i, %s it is done, leaves an inclusion that the next one completes, once', async (call, when) => {
    const id = late('a')
    const asked = await enter()
    const mortal = new Mortal(call, when === 'after')
    bridge(mortal)
    await waitUntil(async () => mortal.isDead || (await isDone(asked)), { deadlineMs: 20_000, everyMs: 1, what: 'the first bridge to die' })
    bridge()
    expect(await done(asked)).toMatchObject({ state: 'succeeded' })
    expect(ranges().map(({ state }) => state).filter((state) => state !== 'retired')).toEqual(['served'])
    expect([countedIn(start), [...included(twins.inclusions.choices, generations()).keys()]]).toEqual([1, [id]])
  })

  it('is left with fewer calls than were tried: all have been', async () => {
    late('a')
    const mortal = new Mortal(Infinity, true)
    bridge(mortal)
    await done(await enter())
    await waitUntil(() => mortal.calls >= 12, { deadlineMs: 20_000, everyMs: 1 })
    expect(mortal.calls).toBeLessThanOrEqual(16)
  })
})

describe('a generation that was built from the topic', () => {
  const rebuilt = (floor: number | null = null) => { twins.add(trades, { generation: 7, state: 'building', planHash: declaredPlan(trades), floor }) }
  const promoted = async (promotions: CarryingPromotions) => waitUntil(() => { twins.now += 5_000; return promotions.promote(trades, 7) }, { deadlineMs: 20_000, everyMs: 1, what: 'the promotion' })

  it('is promoted at once where nothing was included', async () => {
    rebuilt()
    expect(await new CarryingPromotions(twins.aroundReplays).promote(trades, 7)).toBe(true)
    expect(twins.builder.built).toEqual([])
  })

  it('is promoted together with what carries the included events', async () => {
    late('a')
    bridge()
    await done(await enter())
    rebuilt()
    await promoted(new CarryingPromotions(twins.aroundReplays))
    expect(generations().map(({ generation, kind, state }) => `${generation} ${kind} ${state}`)).toEqual(['8 carry served', '7 plan served', '2 include retired', '1 plan retired'])
    expect([countedIn(start), twins.revisions.get('trades.v1')]).toEqual([1, 2])
  })

  it('carries them again when more were included meanwhile', async () => {
    late('a')
    const { queue } = bridge()
    await done(await enter())
    rebuilt()
    const promotions = new CarryingPromotions(twins.aroundReplays)
    let isLate = false
    const plain = twins.builder.onBuild
    twins.builder.onBuild = async (range) => {
      await plain(range)
      if (isLate || range.generation !== 8) return
      isLate = true
      late('b')
      const second = await enter()
      queue.refresh()
      expect((await done(second))?.state).toBe('succeeded')
    }
    await promoted(promotions)
    expect([countedIn(start), generations().filter(({ state }) => state === 'served').map(({ kind }) => kind)]).toEqual([2, ['carry', 'plan']])
  })

  it('leaves what lies before its floor to the older ones', async () => {
    late('a')
    bridge()
    await done(await enter())
    rebuilt(start + hour)
    expect(await new CarryingPromotions(twins.aroundReplays).promote(trades, 7)).toBe(true)
    expect([countedIn(start), servedOf(generations()).map(({ generation }) => generation)]).toEqual([1, [7, 2, 1]])
  })
})
