import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { CassandraSession } from './cassandra-session.ts'
import { GenerationStore } from './generation-store.ts'
import { tableDdl } from './table-ddl.ts'
import { nightTrains, viewOf } from './testing/night-trains.ts'
import { ownKeyspace } from './testing/own-keyspace.ts'
import { WindowReader, type ReadWindow, type WindowPage, type WindowPosition } from './window-reader.ts'
import type { StoredWindow } from './window-row.ts'
import { WindowWriter } from './window-writer.ts'

const hour = 3_600_000
const day = 24 * hour
const noon = Date.parse('2018-02-01T12:00:00Z')
const served = [{ generation: 1, floor: null }]

let session: CassandraSession
let drop: () => Promise<void>
let writer: WindowWriter

beforeAll(async () => {
  ({ session, drop } = await ownKeyspace(nightTrains))
  writer = new WindowWriter(session, nightTrains)
})

afterAll(async () => { await drop() })

const window = (change: Partial<StoredWindow>): StoredWindow => {
  const start = change.start ?? noon
  return { view: 'per-hour', group: ['S1'], start, end: start + hour, events: 1, generation: 1, measures: { meanDelay: 0 }, ...change }
}
const store = (...windows: StoredWindow[]) => writer.write(windows.map((one) => writer.rowOf(one)))
const perHour = () => new WindowReader(session, nightTrains, viewOf('per-hour'))
const brief = ({ windows }: WindowPage) => windows.map(({ group, windowStart, events, generation, measures }) => [group['line'], windowStart, events, generation, measures['meanDelay']])

describe('a window in Cassandra', () => {
  it('is found by group and by time, with every kind of value as it was written', async () => {
    const unit = '6f9619ff-8b86-d011-b42d-00cf4fc964ff'
    const group = ['Ö"\'; --\0🦉', '-9007199254740991', unit, 'true', '-62135596800000']
    const measures = { trains: 9_007_199_254_740_991, orders: -1, delays: 0.1, weighted: -1e-300, meanOrder: 1.5, firstUnit: unit, lastSeen: -1, firstFreight: false, leastDriver: '', greatestDelay: 1e308, drivers: 0, median: 2 }
    await store({ view: 'kinds', group, start: -hour, end: 0, events: 3, generation: 1, measures })
    const reader = new WindowReader(session, nightTrains, viewOf('kinds'))
    const expected: ReadWindow = {
      group: { line: group[0] ?? '', order: -9_007_199_254_740_991, unit, isFreight: true, seenAt: -62_135_596_800_000 },
      windowStart: -hour, windowEnd: 0, events: 3, generation: 1, measures: { ...measures, share: null },
    }
    const range = { from: -day, to: day, limit: 10, served }
    expect(await reader.byGroup(group, range)).toEqual({ windows: [expected], next: null })
    expect(await reader.byTime(range)).toEqual({ windows: [expected], next: null })
  })

  it('keeps the highest number of events, whatever comes after and however often', async () => {
    const group = ['oldest']
    const range = { from: noon, to: noon + 1, limit: 10, served }
    const older = window({ group, events: 5, measures: { meanDelay: 5, lastDriver: 'Eve' } })
    const newest = window({ group, events: 9, measures: { meanDelay: 9, lastDriver: 'Ida' } })
    for (const again of [older, newest, older, newest, older]) await store(again)
    for (const page of [await perHour().byGroup(group, range), await perHour().byTime(range)])
      expect(page.windows.filter(({ group: { line } }) => line === 'oldest')).toMatchObject([{ events: 9, measures: { meanDelay: 9, lastDriver: 'Ida' } }])
  })

  it('loses a quotient that has lost its value, and keeps a measure that a newer record leaves out', async () => {
    const group = ['quotient']
    await store(window({ group, events: 1, measures: { delayShare: 2, lastDriver: 'Eve' } }))
    await store(window({ group, events: 2, measures: {} }))
    const { windows } = await perHour().byGroup(group, { from: noon, to: noon + 1, limit: 1, served })
    expect(windows[0]?.measures).toEqual({ meanDelay: null, lastDriver: 'Eve', delayShare: null })
  })

  it('loses a sum that has outgrown what a row holds, in both tables, and gets it back when it returns', async () => {
    const group = ['sums', '1', '6f9619ff-8b86-d011-b42d-00cf4fc964ff', 'true', '0']
    const kinds = (events: number, measures: StoredWindow['measures']) => window({ view: 'kinds', group, start: 0, end: hour, events, measures: { trains: events, greatestDelay: 1, ...measures } })
    const shown = async () => {
      const reader = new WindowReader(session, nightTrains, viewOf('kinds'))
      const pages = [await reader.byGroup(group, { from: 0, to: 1, limit: 1, served }), await reader.byTime({ from: 0, to: 1, limit: 1, served })]
      return pages.map(({ windows: [row] }) => [row?.events, row?.measures['orders'], row?.measures['delays'], row?.measures['greatestDelay']])
    }
    const [held, outgrown, back] = [kinds(1, { orders: 9_007_199_254_740_991, delays: 1e308 }), kinds(2, {}), kinds(3, { orders: 9_007_199_254_740_990 })]
    await store(held)
    expect(await shown()).toEqual([[1, 9_007_199_254_740_991, 1e308, 1], [1, 9_007_199_254_740_991, 1e308, 1]])
    await store(outgrown)
    await store(held)
    expect(await shown()).toEqual([[2, null, null, 1], [2, null, null, 1]])
    await store(back)
    for (const again of [held, outgrown]) await store(again)
    expect(await shown()).toEqual([[3, 9_007_199_254_740_990, null, 1], [3, 9_007_199_254_740_990, null, 1]])
  })

  it('expires with the retention, by the wall clock and not by its version', async () => {
    await store(window({ group: ['ttl'], events: 4 }))
    for (const table of tableDdl(nightTrains, viewOf('per-hour'))) {
      const rows = await session.execute(`SELECT line, TTL(events) AS ttl, WRITETIME(events) AS version FROM ${table.name} WHERE ${table.order === 'byGroup' ? "line = 'ttl' AND " : ''}day = '2018-02-01'`)
      const [row] = rows.filter(({ line }) => line === 'ttl')
      expect(row).toMatchObject({ version: 4 })
      expect(row?.['ttl']).toBeGreaterThan(172_700)
      expect(row?.['ttl']).toBeLessThanOrEqual(172_800)
    }
  })

  it('of a view without groups is in one table, by the hour where the view says so', async () => {
    await store(...[0, 1, 59, 60].map((minute): StoredWindow => ({ view: 'rolling', group: [], start: noon + minute * 60_000, end: noon + minute * 60_000 + 600_000, events: minute + 1, generation: 1, measures: { worst: minute } })))
    const reader = new WindowReader(session, nightTrains, viewOf('rolling'))
    const range = { from: noon, to: noon + 2 * hour, limit: 3, served }
    const first = await reader.byTime(range)
    expect(first.windows.map(({ events }) => events)).toEqual([61, 60, 2])
    expect(await reader.byGroup([], { ...range, after: first.next })).toMatchObject({ windows: [{ events: 1, group: {} }], next: null })
  })
})

describe('pages of windows', () => {
  const lines = ['A', 'B', 'C', 'D']
  const from = noon - 3 * day
  const to = noon - day

  beforeAll(async () => {
    const starts = [from, from + hour, from + day, from + day + 5 * hour]
    await store(...starts.flatMap((start, index) => lines.map((line) => window({ group: [line], start, events: index + 1, measures: { meanDelay: index } }))))
  })

  const readAll = async (limit: number): Promise<unknown[]> => {
    const all: unknown[] = []
    for (let after: WindowPosition | null = null; ;) {
      const page: WindowPage = await perHour().byTime({ from, to, limit, served, after })
      all.push(...brief(page))
      if (!page.next) return all
      expect(page.windows).toHaveLength(limit)
      after = JSON.parse(JSON.stringify(page.next)) as WindowPosition
    }
  }

  it('of any size give the same windows, newest first and by group within a window', async () => {
    const whole = await readAll(100)
    expect(whole).toEqual([3, 2, 1, 0].flatMap((index) => lines.map((line) => [line, [from, from + hour, from + day, from + day + 5 * hour][index], index + 1, 1, index])))
    for (const limit of [1, 3, 4, 5, 16]) expect(await readAll(limit)).toEqual(whole)
  })

  it('of one group go on where the last one ended', async () => {
    const first = await perHour().byGroup(['C'], { from, to, limit: 3, served })
    expect(brief(first).map(([, start]) => start)).toEqual([from + day + 5 * hour, from + day, from + hour])
    expect(brief(await perHour().byGroup(['C'], { from, to, limit: 3, served, after: first.next }))).toEqual([['C', from, 1, 1, 0]])
  })

  it('hold windows that start in the range, its end left out', async () => {
    expect(brief(await perHour().byGroup(['A'], { from: from + hour, to: from + day, limit: 9, served }))).toEqual([['A', from + hour, 2, 1, 1]])
  })

  it('end after a bounded number of partitions and say where to go on', async () => {
    const range = { from: from - 1_000 * day, to, limit: 100, served }
    const first = await perHour().byTime(range)
    expect(first.windows).toHaveLength(16)
    expect(first.next).toMatchObject({ group: null })
    expect((await perHour().byTime({ ...range, after: first.next })).windows).toEqual([])
  })

  it('are empty while nothing is served', async () => {
    expect(await perHour().byTime({ from, to, limit: 9, served: [] })).toEqual({ windows: [], next: null })
  })
})

describe('a generation', () => {
  it('is promoted in one step, for all readers and tables at once', async () => {
    const of = { name: 'night-trains', version: 3 }
    const generations = new GenerationStore(session)
    const start = noon + 30 * day
    for (const generation of [1, 2]) {
      await generations.allocate(of, { kind: 'plan', planHash: 'abc', checkpoint: 'c' })
      await store(...['A', 'B'].map((line) => window({ group: [line], start, generation, events: 10 - generation, measures: { meanDelay: generation } })))
    }
    await generations.promote(of, 1)
    const seen = async () => {
      const range = { from: start, to: start + 1, limit: 9, served: await generations.served(of) }
      return [brief(await perHour().byTime(range)), brief(await perHour().byGroup(['A'], range))].flat().map(([, , events]) => events)
    }
    expect(await seen()).toEqual([9, 9, 9])
    await generations.promote(of, 2)
    expect(await seen()).toEqual([8, 8, 8])
    expect((await generations.list(of)).map(({ generation, state }) => `${generation} ${state}`)).toEqual(['2 served', '1 retired'])
    await generations.promote(of, 2)
    await expect(generations.promote(of, 1)).rejects.toMatchObject({ code: 'cassandra_generation_moved' })
    await expect(generations.promote(of, 7)).rejects.toThrow('there is none. Allocated are: 2, 1.')
  })
})
