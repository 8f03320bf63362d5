import { describe, expect, it } from '@jest/globals'
import type { ReadWindow } from '@millrace/cassandra'
import type { RecountedWindow } from '@millrace/spark-connect'
import { trades } from '@millrace/streams'
import { compareSlice } from './compare-slice.ts'
import { TablesTwin } from './recounts.fixture.ts'
import { slicesOf, type Slice } from './slices.ts'

const minute = 60_000
const now = 10_000_000
const view = trades.views.find(({ name }) => name === 'per-minute') ?? trades.views[0]
const ledger = trades.views.at(-1)
if (!view || !ledger) throw new Error('trades has no views.')

const counted = (symbol: string, index: number, events = 3): RecountedWindow => ({ group: [symbol], start: index * minute, end: (index + 1) * minute, events, appendedAt: now, measures: { high: 2 }, magnitudes: {}, ranks: {} })
const row = (symbol: string, index: number, events = 3): ReadWindow => ({ group: { symbol }, windowStart: index * minute, windowEnd: (index + 1) * minute, events, generation: 1, measures: { high: 2 } })

async function compare(windows: RecountedWindow[], { byGroup, byTime, of = view, clock = now }: { byGroup: ReadWindow[]; byTime?: ReadWindow[]; of?: typeof view; clock?: number }) {
  const tables = new TablesTwin()
  if (!of) throw new Error('no view')
  tables.byGroup.set(of.name, byGroup)
  tables.byTime.set(of.name, byTime ?? byGroup)
  const { windows: found, equal, differences } = await compareSlice({ stream: trades, view: of, slice: { from: 0, to: 100 * minute, windows }, stored: tables.of(trades, of), served: [], now: () => clock })
  return { found, equal, groups: tables.groups, all: differences, differences: differences.map(({ group, windowStart, kind, table }) => `${String(group['symbol'])} ${Date.parse(windowStart) / minute} ${kind} ${table}`) }
}

describe('a slice of windows', () => {
  it('is equal when both tables have every row, and no more', async () => {
    expect(await compare([counted('A', 1), counted('B', 1), counted('A', 2)], { byGroup: [row('A', 1), row('B', 1), row('A', 2)] })).toMatchObject({ found: 3, equal: 3, differences: [] })
  })

  it('says what is wrong in which table, by start and then by group', async () => {
    const windows = [counted('B', 1), counted('A', 1), counted('A', 2), counted('A', 3), counted('A', 4)]
    const byTime = [row('B', 1), row('A', 1, 4), row('A', 3), row('C', 2)]
    const byGroup = [row('B', 1, 2), row('A', 1, 4), row('A', 2), row('A', 5)]
    expect((await compare(windows, { byGroup, byTime })).differences).toEqual([
      'A 1 different both', 'B 1 different by-group', 'A 2 missing by-time', 'C 2 extra by-time', 'A 3 missing by-group', 'A 4 missing both', 'A 5 extra by-group',
    ])
  })

  it('shows both values, absent ones as null', async () => {
    const { all } = await compare([counted('A', 1)], { byGroup: [row('A', 1, 2)] })
    expect(all).toMatchObject([{ view: 'per-minute', group: { symbol: 'A' }, windowStart: '1970-01-01T00:01:00.000Z', windowEnd: '1970-01-01T00:02:00.000Z', stored: { events: 2, generation: 1, high: 2, low: null }, recounted: { events: 3, high: 2, low: null } }])
  })

  it('of a view without groups is compared with its only table', async () => {
    const of = ledger
    const windows = [{ ...counted('', 0), group: [], measures: {} }]
    expect((await compare(windows, { of, byGroup: [], byTime: [] })).all).toMatchObject([{ kind: 'missing', table: 'by-group', group: {} }])
    expect(await compare(windows, { of, byGroup: [], byTime: [{ ...row('', 0), group: {}, measures: {} }] })).toMatchObject({ equal: 1, groups: [], all: [] })
  })

  it('leaves out a missing row that may have expired, and nothing else', async () => {
    const clock = now + trades.retentionMs - minute
    const windows = [counted('A', 1), counted('A', 2), counted('A', 3)]
    expect(await compare(windows, { byGroup: [row('A', 2, 2), row('A', 3)], clock })).toMatchObject({ equal: 1, differences: ['A 2 different both'] })
    expect((await compare(windows, { byGroup: [row('A', 2), row('A', 3)], clock: clock - 1 })).differences).toEqual(['A 1 missing both'])
  })

  it('asks the table by group for the groups of either side', async () => {
    expect((await compare([counted('A', 1)], { byGroup: [], byTime: [row('B', 1)] })).groups.sort()).toEqual(['A', 'B'])
  })
})

describe('slices', () => {
  async function* each(windows: RecountedWindow[]) {
    await Promise.resolve()
    yield* windows
  }
  const cut = async (windows: RecountedWindow[], enough: number) => {
    const slices: Slice[] = []
    for await (const slice of slicesOf(each(windows), { from: 0, to: 10 * minute, enough })) slices.push(slice)
    return slices.map(({ from, to, windows: held }) => [from / minute, to / minute, held.length])
  }

  it('cover the whole span, gaps too, and never part windows of one start', async () => {
    const windows = [counted('A', 1), counted('B', 1), counted('C', 1), counted('A', 2), counted('A', 5), counted('B', 5)]
    expect(await cut(windows, 2)).toEqual([[0, 2, 3], [2, 10, 3]])
    expect(await cut(windows, 1)).toEqual([[0, 2, 3], [2, 5, 1], [5, 10, 2]])
    expect(await cut(windows, 100)).toEqual([[0, 10, 6]])
  })

  it('are one where nothing was counted: something may be stored', async () => {
    expect(await cut([], 2)).toEqual([[0, 10, 0]])
  })
})
