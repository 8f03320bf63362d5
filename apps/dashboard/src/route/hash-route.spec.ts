import { describe, expect, it } from '@jest/globals'
import { readRoute, writeRoute, type Route } from './hash-route.ts'

const nowhere: Route = { stream: null, version: null, view: null, group: [], measure: null, windows: null, event: null, time: null }

describe('an address', () => {
  it('names a stream, a view and a group', () => {
    expect(readRoute('#/trades/per-10-seconds/ALDR?measure=vwap&windows=120')).toEqual({ ...nowhere, stream: 'trades', view: 'per-10-seconds', group: ['ALDR'], measure: 'vwap', windows: 120 })
  })

  it.each([['a/b'], ['100%'], ['%2F'], ['a?b=c'], ['ü &#'], [' ']])('brings the group value %j through unchanged', (value) => {
    const route = { ...nowhere, stream: 'trades', view: 'per-minute', group: [value, 'x'] }
    expect(readRoute(writeRoute(route))).toEqual(route)
  })

  it('carries a question with whatever is in it', () => {
    const route = { ...nowhere, stream: 'trades', version: 2, event: 'id=a&b\nother=c%', time: '2026-11-22T19:23:36Z' }
    expect(readRoute(writeRoute(route))).toEqual(route)
  })

  it.each(['', '#', '#/', '#/?'])('%j is nowhere', (hash) => {
    expect(readRoute(hash)).toEqual(nowhere)
  })

  it('says only what is said', () => {
    expect([writeRoute({}), writeRoute({ stream: 'trades' }), writeRoute({ stream: 'trades', group: ['x'] })]).toEqual(['#/', '#/trades', '#/trades'])
  })

  it.each([['#/trades/per-minute/', []], ['#/trades/per-minute//x', []], ['#/trades/per-minute/%E0%A4%A', ['%E0%A4%A']]])('%s, typed by hand, is read as far as it can be', (hash, group) => {
    expect(readRoute(hash)).toEqual({ ...nowhere, stream: 'trades', view: 'per-minute', group })
  })

  it.each(['windows=0', 'windows=-3', 'windows=many', 'windows='])('with %s says nothing of windows', (query) => {
    expect(readRoute(`#/trades?${query}`).windows).toBeNull()
  })
})
