import { FakeClock } from '@millrace/testing'
import type { ProblemException } from '@millrace/service'
import { describe, expect, it } from '@jest/globals'
import { Market, symbols } from './market.ts'
import { TradeService, type Trade } from './trade-service.ts'

function market(options: { rate?: number, seed?: number, kept?: number } = {}): { clock: FakeClock, service: TradeService } {
  const clock = new FakeClock('2026-01-01T00:00:00Z')
  return { clock, service: new TradeService({ seed: 1, rate: 50, kept: 100_000, clock, ...options }) }
}

function readAll(service: TradeService, after = 0): Trade[] {
  const found: Trade[] = []
  for (let next: number | null = after; next !== null;) {
    const page = service.read(next, 1_000)
    found.push(...page.trades)
    next = page.next
  }
  return found
}

describe('Market', () => {
  it('walks: prices stay positive whole cents, sizes are whole and at least one, all shares are dealt', () => {
    const one = new Market(3)
    const deals = Array.from({ length: 200_000 }, () => one.next())
    expect(deals.every(({ cents, size }) => Number.isInteger(cents) && cents >= 100 && Number.isInteger(size) && size >= 1)).toBe(true)
    expect(new Set(deals.map(({ symbol }) => symbol)).size).toBe(symbols.length)
    const ofFirst = deals.filter(({ symbol }) => symbol === 0).map(({ cents }) => cents)
    const steps = ofFirst.slice(1).map((cents, index) => Math.abs(cents / (ofFirst[index] ?? 1) - 1))
    expect(Math.max(...steps)).toBeLessThan(0.01)
    expect(new Set(ofFirst).size).toBeGreaterThan(50)
  })

  it('deals the same for the same seed', () => {
    const deals = (seed: number): unknown[] => {
      const one = new Market(seed)
      return Array.from({ length: 100 }, () => one.next())
    }
    expect(deals(1)).toEqual(deals(1))
    expect(deals(1)).not.toEqual(deals(2))
  })
})

describe('TradeService', () => {
  it.each([10, 50, 333, 10_000])('produces %i trades a second, evenly spread over its milliseconds', async (rate) => {
    const { clock, service } = market({ rate })
    await clock.advance(2_000)
    const trades = readAll(service)
    expect(trades).toHaveLength(2 * rate)
    expect(trades.map(({ seq }) => seq)).toEqual(trades.map((_, index) => index + 1))
    const start = Date.parse('2026-01-01T00:00:00Z')
    expect(trades.map(({ tradedAt }) => Date.parse(tradedAt) - start)).toEqual(trades.map((_, index) => Math.floor((index + 1) * 1_000 / rate)))
  })

  it('gives the trades of a span of their time, page by page, as it has served them', async () => {
    const { clock, service } = market({ rate: 100 })
    service.production.change({ duplicateShare: 0.1, disorderMs: 200 })
    await clock.advance(5_000)
    const all = readAll(service)
    const [from, to] = [Date.parse('2026-01-01T00:00:01Z'), Date.parse('2026-01-01T00:00:03Z')]
    const expected = all.filter(({ tradedAt }) => Date.parse(tradedAt) >= from && Date.parse(tradedAt) < to)
    const found: Trade[] = []
    for (let offset: number | null = 0; offset !== null;) {
      const page = service.readRange({ from, to, offset, limit: 60 })
      found.push(...page.trades)
      offset = page.next
    }
    expect(expected.length).toBeGreaterThan(190)
    expect(found).toEqual(expected)
    expect(service.readRange({ from: to + 3_600_000, to: to + 7_200_000, offset: 0, limit: 10 })).toEqual({ trades: [], next: null })
  })

  it('says of a span that it no longer keeps that it is gone', async () => {
    const { clock, service } = market({ rate: 100, kept: 100 })
    for (let second = 0; second < 3; second++) {
      await clock.advance(1_000)
      service.production.catchUp()
    }
    const span = { to: clock.now(), offset: 0, limit: 10 }
    expect(() => service.readRange({ ...span, from: clock.now() - 2_000 })).toThrow(expect.objectContaining({ problem: expect.objectContaining({ status: 410, code: 'trades_dropped' }) }))
    expect(service.readRange({ ...span, from: clock.now() - 500 }).trades).toHaveLength(10)
  })

  it('makes the same trades whether it is read often or seldom', async () => {
    const [often, seldom] = [market({ rate: 777 }), market({ rate: 777 })]
    for (let i = 0; i < 30; i++) {
      await often.clock.advance(33)
      often.service.read(0, 1)
    }
    await seldom.clock.advance(990)
    expect(readAll(often.service)).toEqual(readAll(seldom.service))
  })

  it('makes its ids from the seed and the number', async () => {
    const { clock, service } = market({ seed: 42 })
    await clock.advance(100)
    expect(readAll(service).map(({ id }) => id)).toEqual(['42-1', '42-2', '42-3', '42-4', '42-5'])
  })

  it('says what to ask for next, and null at the end', async () => {
    const { clock, service } = market()
    await clock.advance(200)
    expect([service.read(0, 4).next, service.read(4, 6).next, service.read(0, 10).next, service.read(10, 10).next]).toEqual([4, null, null, null])
  })

  it('pauses, goes on, and stops after so many new trades', async () => {
    const { clock, service } = market({ rate: 100 })
    await clock.advance(1_000)
    service.production.change({ rate: 0 })
    await clock.advance(60_000)
    expect(readAll(service)).toHaveLength(100)
    service.production.change({ rate: 1_000, stopAfter: 250 })
    await clock.advance(5_000)
    expect(readAll(service)).toHaveLength(350)
    expect(service.production.pace).toMatchObject({ rate: 0, stopAfter: 0 })
    service.production.change({ rate: 10 })
    await clock.advance(1_000)
    expect(readAll(service)).toHaveLength(360)
    expect(service.production.pace).toMatchObject({ rate: 10, stopAfter: null })
  })

  it('repeats trades when told to, with their id and all else, under a later number', async () => {
    const { clock, service } = market({ rate: 1_000 })
    service.production.change({ duplicateShare: 0.25, stopAfter: 3_000 })
    await clock.advance(10_000)
    const trades = readAll(service)
    const first = new Map<string, Trade>()
    let repeated = 0
    for (const trade of trades) {
      const before = first.get(trade.id)
      if (before === undefined) first.set(trade.id, trade)
      else {
        repeated += 1
        expect({ ...trade, seq: before.seq }).toEqual(before)
      }
    }
    expect(first.size).toBe(3_000)
    expect(service.production.counts).toEqual({ produced: 3_000, duplicates: repeated })
    expect(repeated / trades.length).toBeGreaterThan(0.2)
    expect(repeated / trades.length).toBeLessThan(0.3)
  })

  it('puts times out of order when told to, never by more than it is told', async () => {
    const { clock, service } = market({ rate: 1_000 })
    service.production.change({ disorderMs: 500 })
    await clock.advance(3_000)
    const start = Date.parse('2026-01-01T00:00:00Z')
    const before = readAll(service).map(({ seq, tradedAt }) => start + seq - Date.parse(tradedAt))
    expect(Math.min(...before)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...before)).toBeLessThanOrEqual(500)
    expect(Math.max(...before)).toBeGreaterThan(400)
  })

  it('answers 410 with the cure for what it no longer keeps, and nothing else is lost', async () => {
    const { clock, service } = market({ rate: 1_000, kept: 500 })
    await clock.advance(400)
    service.production.catchUp()
    await clock.advance(400)
    expect(() => service.read(299, 10)).toThrow('Of the trades after 299 those up to 300 are no longer kept; the last 500 are. Go on with after=300')
    try {
      service.read(0, 10)
    } catch (error) {
      expect((error as ProblemException).problem).toMatchObject({ status: 410, code: 'trades_dropped' })
    }
    expect(readAll(service, 300).map(({ seq }) => seq)).toEqual(Array.from({ length: 500 }, (_, index) => 301 + index))
    expect.assertions(3)
  })

  it('goes on from the number of a reader who has read an earlier run, with new ids', async () => {
    const { clock, service } = market({ rate: 10 })
    await clock.advance(1_000)
    expect(service.read(70_000, 100)).toEqual({ trades: [], next: null })
    await clock.advance(1_000)
    expect(service.read(70_000, 100).trades.map(({ seq, id }) => [seq, id])).toEqual(Array.from({ length: 10 }, (_, index) => [70_001 + index, `1-${70_001 + index}`]))
    expect(() => service.read(10 ** 15, 1)).toThrow('The latest trade is 70010')
  })

  it('counts what it has served: each trade once, however often it went out', async () => {
    const { clock, service } = market({ rate: 1_000 })
    service.production.change({ duplicateShare: 0.3 })
    await clock.advance(1_000)
    const pages = [service.read(0, 400).trades, service.read(200, 400).trades]
    for (const page of pages) service.note(page)
    const times = new Map<string, number>()
    for (const { id } of pages.flat()) times.set(id, (times.get(id) ?? 0) + 1)
    const truth = [...service.servedAfter(0, 100), ...service.servedAfter(service.servedAfter(0, 100).at(-1)?.seq ?? 0, 10_000)]
    expect(new Map(truth.map(({ id, timesServed }) => [id, timesServed]))).toEqual(times)
    expect(service.totals).toEqual({ distinct: times.size, served: 800 })
  })

  it('skips what it could not keep anyway after a long standstill, and survives a clock that is set back', async () => {
    const { clock, service } = market({ rate: 10_000, kept: 10_000 })
    await clock.advance(3_600_000)
    service.production.catchUp()
    expect(service.tape.kept).toBe(10_000)
    expect(service.tape.find(service.tape.latest)?.tradedAt).toBe(clock.now())
    await clock.advance(-600_000)
    service.production.catchUp()
    const { latest } = service.tape
    await clock.advance(100)
    service.production.catchUp()
    expect(service.tape.latest).toBe(latest + 1_000)
  })
})
