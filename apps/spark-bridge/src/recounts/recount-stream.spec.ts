import { beforeEach, describe, expect, it } from '@jest/globals'
import type { ReadWindow } from '@millrace/cassandra'
import type { RecountedWindow } from '@millrace/spark-connect'
import { earthquakes, trades } from '@millrace/streams'
import { Twins } from '../twins.fixture.ts'
import { recountStream, type RecountScope, type RecountSurroundings } from './recount-stream.ts'

const minute = 60_000
const to = 60 * minute
let twins: Twins
let scopes: RecountScope[]

const counted = (index: number, symbol = 'A', events = 3): RecountedWindow => ({ group: [symbol], start: index * minute, end: (index + 1) * minute, events, appendedAt: twins.now, measures: {}, magnitudes: {}, ranks: {} })
const row = (index: number, symbol = 'A', events = 3): ReadWindow => ({ group: { symbol }, windowStart: index * minute, windowEnd: (index + 1) * minute, events, generation: 1, measures: {} })

function recount(range = { from: 0, to }, { stream = trades, limits }: { stream?: typeof trades; limits?: RecountSurroundings['limits'] } = {}) {
  const { generations, stored, ingestion, topics } = twins.surroundings
  const around = { generations, inclusions: twins.inclusions, stored, ingestion, topics, counter: twins.counter, tables: twins.tables, now: () => twins.now, ...(limits && { limits }) }
  return recountStream(range, stream, around, (scope) => { scopes.push(scope); return Promise.resolve() })
}

beforeEach(() => {
  twins = new Twins()
  scopes = []
  twins.add(trades, { generation: 4, state: 'served', planHash: 'x' })
  twins.stored.set(4, {})
  twins.finalUntil = to
  twins.ends = { 0: 20n, 1: 30n }
})

describe('a recount', () => {
  it('counts the whole topic for every view, and says first what it counts', async () => {
    twins.begins = { 0: 0n, 1: 0n }
    expect(await recount()).toEqual({ verdict: 'equal', figures: { windows: 0, compared: 0, equal: 0, different: 0, missing: 0, extra: 0 }, differences: [] })
    expect(scopes).toEqual([{ generation: 4, from: 0, offsets: { 0: 20, 1: 30 } }])
    expect(twins.counter.asked).toEqual(['per-10-seconds', 'per-minute', '_ledger'].map((view) => ({ view, begins: { 0: 0, 1: 0 }, ends: { 0: 20, 1: 30 }, from: 0, to })))
  })

  it('adds the views up, and a difference in one of them is the verdict', async () => {
    twins.counter.windowsOf.set('per-minute', [counted(1), counted(2), counted(3)])
    twins.tables.byTime.set('per-minute', [row(1), row(2, 'A', 2), row(4)])
    twins.tables.byGroup.set('per-minute', [row(1), row(2), row(4)])
    twins.tables.byTime.set('_ledger', [{ ...row(0), windowEnd: to, group: {} }])
    const { verdict, figures, differences } = await recount()
    expect([verdict, figures]).toEqual(['different', { windows: 3, compared: 5, equal: 1, different: 1, missing: 1, extra: 2 }])
    expect(differences.map(({ view, kind, table }) => [view, kind, table])).toEqual([['per-minute', 'different', 'by-time'], ['per-minute', 'missing', 'both'], ['per-minute', 'extra', 'both'], ['_ledger', 'extra', 'by-group']])
  })

  it('keeps the first differences and counts all', async () => {
    twins.counter.windowsOf.set('per-minute', Array.from({ length: 50 }, (_, index) => counted(index)))
    const { figures, differences } = await recount(undefined, { limits: { windows: 100, aSlice: 7, differences: 20 } })
    expect([figures.missing, differences.map(({ windowStart }) => Date.parse(windowStart) / minute)]).toEqual([50, Array.from({ length: 20 }, (_, index) => index)])
  })

  it('leaves out a view whose windows are longer than the range', async () => {
    await recount({ from: 0, to: to - 1 })
    expect(twins.counter.asked.map(({ view }) => view)).toEqual(['per-10-seconds', 'per-minute'])
  })

  it('looks for stored windows that lie wholly in the range, as it counts them', async () => {
    twins.tables.byTime.set('per-minute', [row(0), row(1), row(2)])
    twins.tables.byGroup.set('per-minute', [row(0), row(1), row(2)])
    expect((await recount({ from: 1, to: 3 * minute - 1 })).differences.map(({ windowStart }) => windowStart)).toEqual(['1970-01-01T00:01:00.000Z'])
  })

  it('begins behind what the topic has lost, and behind the floor of the generation', async () => {
    twins.begins = { 0: 5n, 1: 0n }
    twins.records = [{ offset: 5n, key: null, value: Buffer.from('{"tradedAt":600000}'), headers: {}, timestamp: 0 }]
    await recount()
    expect(scopes[0]?.from).toBe(600_000 + trades.latenessMs)
    expect(twins.counter.asked[0]).toMatchObject({ begins: { 0: 5, 1: 0 }, from: 610_000 })
    twins.generations.set('trades.v1', [])
    twins.add(trades, { generation: 4, state: 'served', planHash: 'x', floor: 900_000 })
    await recount()
    expect(scopes[1]?.from).toBe(900_000)
  })

  it('refuses a range that the topic has lost', async () => {
    twins.begins = { 0: 5n, 1: 0n }
    twins.records = [{ offset: 5n, key: null, value: Buffer.from(`{"tradedAt":${to}}`), headers: {}, timestamp: 0 }]
    await expect(recount()).rejects.toMatchObject({ code: 'recount_range_expired', retry: 'never' })
    expect(scopes).toEqual([])
  })

  it('waits for a newer generation to be final up to its end', async () => {
    twins.finalUntil = to - 1
    await expect(recount()).rejects.toMatchObject({ code: 'recount_range_not_final', retry: 'later' })
    await expect(recount(undefined, { stream: earthquakes })).rejects.toMatchObject({ code: 'recount_range_not_final' })
  })

  it('stops where there are too many windows, counted or stored', async () => {
    const limits = { windows: 9, aSlice: 2, differences: 1 }
    twins.counter.windowsOf.set('per-minute', Array.from({ length: 10 }, (_, index) => counted(index)))
    await expect(recount(undefined, { limits })).rejects.toMatchObject({ code: 'recount_too_large', retry: 'never' })
    twins.counter.windowsOf.clear()
    twins.tables.byTime.set('per-minute', Array.from({ length: 10 }, (_, index) => row(index)))
    await expect(recount(undefined, { limits })).rejects.toMatchObject({ code: 'recount_too_large' })
  })
})
