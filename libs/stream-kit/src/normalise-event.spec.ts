import { describe, expect, it } from '@jest/globals'
import { bool, instant, int, real, text, uuid } from './field.ts'
import { normaliseEvent } from './normalise-event.ts'

const fields = { id: text(), at: instant(), size: int().optional(), price: real().optional(), isOpen: bool().optional(), trace: uuid().optional() }
const at = Date.parse('2018-02-01T00:00:00Z')

describe('normaliseEvent', () => {
  it.each([
    ['epoch milliseconds', at],
    ['a Date', new Date(at)],
    ['text in UTC', '2018-02-01T00:00:00Z'],
    ['text with an offset', '2018-02-01T01:30:00.000+01:30'],
  ])('takes an instant as %s', (_, given) => {
    expect(normaliseEvent(fields, { id: 'a', at: given })).toEqual({ id: 'a', at })
  })

  it.each(['2018-02-01T00:00:00', '2018-02-01', 'yesterday', '1517443200000', ''])('leaves the instant %j for the schema to refuse', (given) => {
    expect(normaliseEvent(fields, { id: 'a', at: given })).toEqual({ id: 'a', at: given })
  })

  it('leaves out absent optionals, however they are absent', () => {
    expect(JSON.stringify(normaliseEvent(fields, { id: 'a', at, size: undefined, price: null }))).toBe(`{"id":"a","at":${at}}`)
  })

  it('keeps a null where the event must have a value', () => {
    expect(normaliseEvent(fields, { id: null, at })).toEqual({ id: null, at })
  })

  it('writes equal events alike, in whatever order they come', () => {
    const [one, other] = [normaliseEvent(fields, { trace: '0197AF00-0000-7000-8000-00000000000A', at, id: 'a', price: 3 }), normaliseEvent(fields, { id: 'a', price: 3, trace: '0197af00-0000-7000-8000-00000000000a', at: new Date(at) })]
    expect(JSON.stringify(one)).toBe(JSON.stringify(other))
    expect(JSON.stringify(one)).toBe(`{"id":"a","at":${at},"price":3,"trace":"0197af00-0000-7000-8000-00000000000a"}`)
  })

  it('keeps fields that are not declared, also __proto__, for the schema to refuse', () => {
    const given = JSON.parse(`{"id":"a","at":${at},"__proto__":{"size":1},"more":2}`) as object
    const event = normaliseEvent(fields, given)
    expect(Object.keys(event ?? {}).sort()).toEqual(['__proto__', 'at', 'id', 'more'])
    expect(event?.['size']).toBeUndefined()
  })

  it.each([null, undefined, 7, 'text', [1]])('finds no event in %j', (given) => {
    expect(normaliseEvent(fields, given)).toBeNull()
  })
})
