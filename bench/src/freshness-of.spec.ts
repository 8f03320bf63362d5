import { expect, it } from '@jest/globals'
import { freshnessOf } from './freshness-of.ts'
import { percentile } from './percentile.ts'
import { windowKey } from './watch-windows.ts'

const trade = (id: string, tradedAt: number) => ({ id, symbol: 'A', price: 1, size: 1, tradedAt })

it('takes the k-th trade of a window as readable once the window shows k events', () => {
  const sightings = new Map([[windowKey('A', 1_000), [{ events: 2, at: 1_500 }, { events: 3, at: 2_700 }]]])
  const trades = [trade('1', 1_000), trade('2', 1_100), trade('3', 1_200)]
  expect(freshnessOf(trades, sightings, { from: 0, until: 5_000 })).toEqual([400, 500, 1_500])
})

it('refuses a trade that was never seen, and leaves out what was made outside the measured time', () => {
  expect(() => freshnessOf([trade('1', 1_000)], new Map(), { from: 0, until: 5_000 })).toThrow(/never seen/)
  expect(freshnessOf([trade('1', 1_000)], new Map(), { from: 2_000, until: 5_000 })).toEqual([])
})

it('takes percentiles by nearest rank', () => {
  const numbers = Array.from({ length: 100 }, (_, index) => index + 1)
  expect([0.5, 0.99, 1].map((share) => percentile(numbers, share))).toEqual([50, 99, 100])
})
