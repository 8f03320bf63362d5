import { describe, expect, it } from '@jest/globals'
import { fixtures, readings } from '../readings.fixture.ts'
import { NothingDeclared, RequestRefused } from '../rest.errors.ts'
import { viewRoutes } from '../view-routes.ts'
import { findLiveRoute, livePath } from './live-path.ts'
import { firstRange, openRange, readLiveQuery } from './live-query.ts'

const [perMinute] = readings.views
if (!perMinute) throw new Error('The fixture lost its view.')
const minute = 60_000
const start = Date.parse('2018-02-01T00:00:00Z')

const refusalOf = (work: () => unknown): unknown => {
  try {
    work()
  } catch (error) {
    return error instanceof NothingDeclared ? error.exists : error instanceof RequestRefused ? error.parts.map(({ parameter, found }) => [parameter, found]) : error
  }
  throw new Error('It was not refused.')
}

describe('the path of a feed', () => {
  it('is that of the view under live, without the version of the stream', () => {
    expect(viewRoutes(readings).map(livePath)).toEqual([
      '/v1/live/sensor-readings/per-minute',
      '/v1/live/sensor-readings/per-minute/{site}/{device}/{channel}/{isTest}/{day1}',
      '/v1/live/sensor-readings/overall',
      '/v1/live/sensor-readings/_ledger',
    ])
  })

  it('finds the newest version of the stream, or the one that is asked for', () => {
    expect([findLiveRoute(fixtures, '/v1/live/sensor-readings/overall').route.path, findLiveRoute(fixtures, '/v1/live/sensor-readings/overall', 2).route.path]).toEqual(['/v2/sensor-readings/overall', '/v2/sensor-readings/overall'])
  })

  it('reads the group, each part decoded by itself', () => {
    expect(findLiveRoute(fixtures, '/v1/live/sensor-readings/per-minute/a%2Fb/0f8fad5b-d9cb-469f-a165-70867728950e/7/false/2018-02-01T00:00:00Z').group?.[0]).toBe('a/b')
  })

  it.each([
    ['/v1/live/nothing/overall', undefined, ['/v1/live/sensor-readings?version=2']],
    ['/v1/live/sensor-readings/overall', 1, ['/v1/live/sensor-readings?version=2']],
    ['/v1/live/', undefined, ['/v1/live/sensor-readings?version=2']],
    ['/v1/live/sensor-readings/overall/x', undefined, ['/v1/live/sensor-readings/overall']],
    ['/v1/live/sensor-readings/overall/x', 2, ['/v1/live/sensor-readings/overall?version=2']],
  ])('lists what exists for %s, version %s', (path, version, exists) => {
    expect(refusalOf(() => findLiveRoute(fixtures, path, version))).toEqual(exists)
  })
})

describe('the query of a feed', () => {
  it('is an instant, or nothing', () => {
    expect([readLiveQuery({}), readLiveQuery({ from: '2018-02-01T01:00:00+01:00', version: '2' })]).toEqual([{ from: null }, { from: start }])
  })

  it('lists everything that is wrong with it', () => {
    expect(refusalOf(() => readLiveQuery({ from: 'now', version: '0', limit: '5' }))).toEqual([['limit', 'not a parameter'], ['from', "'now'"], ['version', "'0'"]])
  })
})

describe('the windows of a feed', () => {
  it('are at first those from an instant on, or the last 24', () => {
    expect(firstRange(perMinute, { from: start }, start + minute)).toEqual({ from: start, to: start + minute + 1 })
    expect(firstRange(perMinute, { from: null }, start)).toEqual({ from: start + 1 - 24 * minute, to: start + 1 })
  })

  it('are none where the instant is still to come, and never more than one query may read', () => {
    expect(firstRange(perMinute, { from: start + minute }, start)).toEqual({ from: start + 1, to: start + 1 })
    const { from, to } = firstRange(perMinute, { from: 0 }, start)
    expect(from).toBeGreaterThan(to - 65 * 86_400_000)
  })

  it('are then those that end after what was final', () => {
    const { from } = openRange(perMinute, start, start + 5 * minute)
    expect([from > start - minute, from <= start - minute + 1]).toEqual([true, true])
    expect(openRange(perMinute, null, start)).toEqual(firstRange(perMinute, { from: null }, start))
  })
})
