import { expect, it } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { bool, eventJsonSchema, instant, int, real, text, uuid } from './index.ts'

const event = { id: uuid(), name: text({ maxLength: 3 }), count: int(), share: real().optional(), open: bool(), at: instant() }
const accepts = new Ajv2020().compile(eventJsonSchema({ name: 'things', version: 1, summary: 'A thing.', event }))
const good = { id: '0b8bd3a5-9a5f-4a55-8f6a-2b8f6a0b1c2d', name: 'abc', count: 1, share: 0.5, open: true, at: 1_517_443_200_000 }

it('accepts an event with every field, and one without its optional field', () => {
  const { share: _, ...without } = good
  expect([accepts(good), accepts(without)]).toEqual([true, true])
})

it.each([
  ['an unknown key', { ...good, extra: 1 }],
  ['an empty text', { ...good, name: '' }],
  ['a text that is too long', { ...good, name: 'abcd' }],
  ['an upper-case UUID', { ...good, id: good.id.toUpperCase() }],
  ['a number with a fraction where a whole one belongs', { ...good, count: 1.5 }],
  ['a whole number that a double cannot hold', { ...good, count: 2 ** 53 }],
  ['null for an absent field', { ...good, share: null }],
  ['an instant as text', { ...good, at: '2018-02-01T00:00:00Z' }],
  ['an instant after the year 9999', { ...good, at: 253_402_300_800_000 }],
])('refuses %s', (_, wrong) => {
  expect(accepts(wrong)).toBe(false)
})
