import { describe, expect, it } from '@jest/globals'
import { everything } from './everything.fixture.ts'
import { malformedBecause } from './malformed.ts'

const because = malformedBecause(everything())
const event = { id: 'a', part: 1, sort: true, at: 0 }
const of = (value: unknown) => because(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)))

describe('a record of the topic', () => {
  it('is an event with all that the query reads, whatever else it has', () => {
    expect(of(event)).toBeNull()
    expect(of({ ...event, n: 1, x: 1.5, s: 't', u: 'u', b: false, seen: -1, unread: 7, more: [] })).toBeNull()
    expect(of({ ...event, n: null })).toBeNull()
  })

  it.each<[string, unknown]>([
    ['it is no JSON', '{"id":'], ['it is no JSON', ''], ['it is no JSON object', 'null'], ['it is no JSON object', '[]'],
    ['id is missing', { ...event, id: null }], ['part is missing', { id: 'a', sort: true, at: 0 }],
    ['part is no int', { ...event, part: 2 ** 53 }], ['part is no int', { ...event, part: '1' }], ['sort is no bool', { ...event, sort: 1 }],
    ['at is no instant', { ...event, at: 0.5 }], ['at is no instant', { ...event, at: 253_402_300_800_000 }],
    ['x is no real', JSON.stringify(event).replace('}', ',"x":1e400}')], ['x is no real', { ...event, x: 'NaN' }],
  ])('is none because %s', (problem, value) => {
    expect(of(value)).toBe(problem)
  })

  it('is none without a value', () => {
    expect(because(null)).toBe('there is no value')
  })
})
