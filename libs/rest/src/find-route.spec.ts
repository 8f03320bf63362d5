import { describe, expect, it } from '@jest/globals'
import { findRoute } from './find-route.ts'
import { fixtures, readings } from './readings.fixture.ts'
import { NothingDeclared, RequestRefused } from './rest.errors.ts'
import { viewRoutes } from './view-routes.ts'

const device = '0f8fad5b-d9cb-469f-a165-70867728950e'
const group = `${device}/7/false/2018-02-01T00:00:00Z`

const thrownBy = (path: string): unknown => {
  try {
    findRoute(fixtures, path)
  } catch (error) {
    return error
  }
  throw new Error(`${path} was found.`)
}

describe('the paths of a stream', () => {
  it('are one of all groups and one of a single group a view, the hidden view last', () => {
    expect(viewRoutes(readings).map(({ path, groups }) => `${groups} ${path}`)).toEqual([
      'all /v2/sensor-readings/per-minute',
      'one /v2/sensor-readings/per-minute/{site}/{device}/{channel}/{isTest}/{day1}',
      'all /v2/sensor-readings/overall',
      'all /v2/sensor-readings/_ledger',
    ])
  })
})

describe('finding a path', () => {
  it('reads the group by the kinds of its fields', () => {
    const found = findRoute(fixtures, `/v2/sensor-readings/per-minute/north/${group}`)
    expect(found.group).toEqual(['north', device, 7, false, 1517443200000])
    expect(found.route.view.name).toBe('per-minute')
  })

  it('decodes each part by itself, so a group value may hold a slash', () => {
    expect(findRoute(fixtures, `/v2/sensor-readings/per-minute/a%2Fb%20%C3%BC/${group}`).group?.[0]).toBe('a/b ü')
  })

  it('knows the path without a group as all groups', () => {
    expect(findRoute(fixtures, '/v2/sensor-readings/_ledger')).toMatchObject({ group: null, route: { groups: 'all' } })
  })

  it.each([
    ['/v1/sensor-readings/per-minute', ['/v2/sensor-readings']],
    ['/v2/nothing', ['/v2/sensor-readings']],
    ['/v02/sensor-readings/per-minute', ['/v2/sensor-readings']],
    ['/V2/sensor-readings/per-minute', ['/v2/sensor-readings']],
    ['/v2/constructor/per-minute', ['/v2/sensor-readings']],
    ['/', ['/v2/sensor-readings']],
    ['/v2/sensor-readings', ['/v2/sensor-readings/per-minute', '/v2/sensor-readings/per-minute/{site}/{device}/{channel}/{isTest}/{day1}', '/v2/sensor-readings/overall']],
    ['/v2/sensor-readings/Per-Minute', ['/v2/sensor-readings/per-minute', '/v2/sensor-readings/per-minute/{site}/{device}/{channel}/{isTest}/{day1}', '/v2/sensor-readings/overall']],
    ['/v2/sensor-readings/overall/x', ['/v2/sensor-readings/overall']],
    ['/v2/sensor-readings/overall/', ['/v2/sensor-readings/overall']],
    ['//v2/sensor-readings/overall', ['/v2/sensor-readings']],
    ['/v2/sensor-readings/per-minute/north', ['/v2/sensor-readings/per-minute', '/v2/sensor-readings/per-minute/{site}/{device}/{channel}/{isTest}/{day1}']],
  ])('lists what exists for %s', (path, exists) => {
    const error = thrownBy(path)
    expect(error).toBeInstanceOf(NothingDeclared)
    expect((error as NothingDeclared).exists).toEqual(exists)
  })

  it('lists every group value that cannot be read', () => {
    const error = thrownBy('/v2/sensor-readings/per-minute/much-too-long-a-site/no/1.5/maybe/today')
    expect(error).toBeInstanceOf(RequestRefused)
    expect((error as RequestRefused).parts.map(({ parameter, in: place, found }) => [parameter, place, found])).toEqual([
      ['site', 'path', "'much-too-long-a-site'"],
      ['device', 'path', "'no'"],
      ['channel', 'path', "'1.5'"],
      ['isTest', 'path', "'maybe'"],
      ['day1', 'path', "'today'"],
    ])
  })

  it('refuses a part that is not percent-encoded UTF-8', () => {
    expect(thrownBy('/v2/sensor-readings/%E0%A4%A')).toBeInstanceOf(RequestRefused)
  })
})
