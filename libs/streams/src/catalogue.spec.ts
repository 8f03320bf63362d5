import { describe, expect, it } from '@jest/globals'
import { catalogue, earthquakes, trades } from './index.ts'

const quake = (updated: number) => ({
  id: 'ci37868471',
  properties: { net: 'ci', place: null, mag: 3.1, time: 1_517_443_200_000, updated },
  geometry: { coordinates: [-117.5, 33.9, 8.2] },
})

describe('earthquakes', () => {
  it('makes an event of a record of the event service', () => {
    expect(earthquakes.source.toEvent(quake(0))).toEqual({ id: 'ci37868471', network: 'ci', place: null, magnitude: 3.1, depthKm: 8.2, occurredAt: 1_517_443_200_000 })
  })

  it('asks for what was updated since, page by page, oldest event first', () => {
    expect(earthquakes.source.request({ cursor: { updated: '2018-02-01T00:00:00.000Z' }, page: 2, pageSize: 500 }).query).toMatchObject({ orderby: 'time-asc', updatedafter: '2018-02-01T00:00:00.000Z', limit: 500, offset: 1_001 })
  })

  it('asks for a past range by the time of the quakes', () => {
    expect(earthquakes.source.range?.({ from: '2018-02-01T00:00:00.000Z', to: '2018-02-02T00:00:00.000Z', page: 1, pageSize: 500 }).query).toEqual({ format: 'geojson', orderby: 'time-asc', starttime: '2018-02-01T00:00:00.000Z', endtime: '2018-02-02T00:00:00.000Z', limit: 500, offset: 501 })
  })

  it('moves its cursor to the latest update, and never back', () => {
    const cursor = { updated: '2018-02-01T00:00:00.000Z' }
    expect(earthquakes.source.advance(cursor, [quake(Date.parse('2018-02-03T00:00:00Z')), quake(Date.parse('2018-02-02T00:00:00Z'))])).toEqual({ updated: '2018-02-03T00:00:00.000Z' })
    expect(earthquakes.source.advance(cursor, [quake(0)])).toEqual(cursor)
  })
})

describe('trades', () => {
  it('makes an event of a trade and leaves the sequence number out', () => {
    expect(trades.source.toEvent({ seq: 7, id: 't-7', symbol: 'ALDR', price: 10.5, size: 3, tradedAt: '2026-01-01T00:00:00.001Z' })).toEqual({ id: 't-7', symbol: 'ALDR', price: 10.5, size: 3, tradedAt: '2026-01-01T00:00:00.001Z' })
  })

  it('asks for the numbers behind its cursor', () => {
    expect(trades.source.request({ cursor: { seq: 40 }, page: 1, pageSize: 1_000 }).query).toEqual({ after: 1_040, limit: 1_000 })
    expect(trades.source.range?.({ from: 'a', to: 'b', page: 3, pageSize: 1_000 }).query).toEqual({ from: 'a', to: 'b', offset: 3_000, limit: 1_000 })
    expect(trades.source.advance({ seq: 40 }, [{ seq: 42 }, { seq: 41 }])).toEqual({ seq: 42 })
  })
})

it('has both streams in the catalogue', () => {
  expect(catalogue.streams.map(({ name }) => name)).toEqual(['earthquakes', 'trades'])
})
