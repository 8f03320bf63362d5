import { describe, expect, it } from '@jest/globals'
import { appearances } from './appearances.ts'
import { EarthquakeService } from './earthquake-service.ts'
import { parseFdsnQuery } from './fdsn-query.ts'
import { quakesAt } from './quake-feed.ts'
import type { Quake } from './quake.ts'
import { recordedQuakes } from './recorded-quakes.ts'

const all = appearances(recordedQuakes, 1)
const end = Math.max(...all.map(({ revisedAt }) => revisedAt))
const hour = 3_600_000

function ask(now: number, query: Record<string, string> = {}): Quake[] {
  return quakesAt(all, now, parseFdsnQuery({ format: 'geojson', orderby: 'time-asc', ...query }, now))
}

describe('quakesAt', () => {
  it('answers, at the end, all records as they were recorded, in the order of their time', () => {
    expect(ask(end)).toEqual(recordedQuakes)
    expect(ask(end, { orderby: 'time' })).toEqual(recordedQuakes.toReversed())
  })

  it('pages without a gap and without a repetition', () => {
    const pages = Array.from({ length: 5 }, (_, page) => ask(end, { limit: '400', offset: String(page * 400 + 1) }))
    expect(pages.map(({ length }) => length)).toEqual([400, 400, 400, 400, 107])
    expect(pages.flat()).toEqual(recordedQuakes)
    expect(ask(end, { limit: '400', offset: '1708' })).toEqual([])
  })

  it('shows nothing before it has appeared, the first copy until the revision, then the revision', () => {
    const [some] = all.filter(({ appearsAt, revisedAt }) => revisedAt - appearsAt > hour)
    if (some === undefined) throw new Error('no such record')
    const { appearsAt, revisedAt, first, revised } = some
    const seen = (now: number): Quake[] => ask(now).filter(({ id }) => id === first.id)
    expect([seen(appearsAt - 1), seen(appearsAt), seen(revisedAt - 1), seen(revisedAt)]).toEqual([[], [first], [first], [revised]])
  })

  it('shows each record twice, in both its copies, to a reader who polls by `updatedafter`', () => {
    const start = (recordedQuakes[0]?.properties.time ?? 0) - hour
    const seen = new Map<string, Set<number>>()
    let cursor = start
    for (let now = start; now < end + hour; now += 7 * 60_000) {
      const found = ask(Math.min(now, end), { updatedafter: new Date(cursor).toISOString() })
      for (const { id, properties: { updated } } of found) {
        seen.set(id, (seen.get(id) ?? new Set()).add(updated))
        cursor = Math.max(cursor, updated)
      }
    }
    const missed = all.filter(({ revised, appearsAt, revisedAt }) => revisedAt - appearsAt >= 7 * 60_000 && seen.get(revised.id)?.size !== 2)
    expect(missed).toEqual([])
    expect(all.filter(({ revised, revisedAt }) => seen.get(revised.id)?.has(revisedAt) !== true)).toEqual([])
  })

  it('filters by time, both ends included, by `updated`, and by magnitude', () => {
    const [a, b] = [recordedQuakes[100], recordedQuakes[200]]
    if (a === undefined || b === undefined) throw new Error('no such record')
    const iso = (ms: number): string => new Date(ms).toISOString()
    expect(ask(end, { starttime: iso(a.properties.time), endtime: iso(b.properties.time) })).toEqual(recordedQuakes.slice(100, 201))
    expect(ask(end, { updatedafter: iso(a.properties.updated) }).some(({ id }) => id === a.id)).toBe(false)
    expect(ask(end, { updatedafter: iso(a.properties.updated - 1) }).some(({ id }) => id === a.id)).toBe(true)
    expect(ask(end, { minmagnitude: '4' })).toEqual(recordedQuakes.filter(({ properties }) => properties.mag >= 4))
  })
})

describe('EarthquakeService', () => {
  it('starts 48 hours into the data, and with speed max has all of it at once', () => {
    const real = { now: () => 0, sleep: () => Promise.reject(new Error('never')) }
    const make = (speed: number | 'max'): EarthquakeService => new EarthquakeService({ quakes: recordedQuakes, seed: 1, speed, real })
    expect(new Date(make(0).now()).toISOString()).toBe('2018-02-02T01:49:59.650Z')
    const { visible, total } = make(0).counts()
    expect(visible > 300 && visible < total).toBe(true)
    expect(make('max').counts()).toEqual({ total: 1_707, visible: 1_707, revised: 1_707 })
  })

  it('hands the first reader nothing late, and later readers more than ten events later than six hours', () => {
    let real = 0
    const service = new EarthquakeService({ quakes: recordedQuakes, seed: 1, speed: 600, real: { now: () => real, sleep: () => Promise.reject(new Error('never')) } })
    const judged = new Set<string>()
    let greatest = -Infinity
    const lateIn = (): number => {
      const fresh = service.find(parseFdsnQuery({ format: 'geojson', orderby: 'time-asc' }, service.now())).filter(({ id }) => !judged.has(id))
      const late = fresh.filter(({ properties: { time } }) => time < greatest - 6 * hour).length
      for (const { id, properties: { time } } of fresh) {
        judged.add(id)
        greatest = Math.max(greatest, time)
      }
      return late
    }
    expect(lateIn()).toBe(0)
    let late = 0
    while (service.now() < service.clock.end) {
      real += 5_000
      late += lateIn()
    }
    expect(judged.size).toBe(1_707)
    expect(late).toBeGreaterThan(10)
    expect(late).toBeLessThan(85)
  })
})
