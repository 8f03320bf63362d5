import { expect, it } from '@jest/globals'
import { differences } from './differences.ts'

const key = ['network', 'windowStart']
const row = { network: 'ci', windowStart: '2018-02-01T00:00:00.000Z', events: 3, mean: 1.5 }
const other = { ...row, network: 'ak' }

it('finds no difference between the same rows in another order', () => {
  expect(differences([row, other], [other, { ...row, mean: 1.5 + 1e-12 }], { key, within: ['mean'] })).toEqual([])
})

it('tells a missing row, one too many, one answered twice and a field that differs', () => {
  expect(differences([row], [], { key })).toEqual([expect.stringContaining('is missing')])
  expect(differences([], [row], { key })).toEqual([expect.stringContaining('should not be there')])
  expect(differences([row], [row, row], { key })).toEqual([expect.stringContaining('twice')])
  expect(differences([row], [{ ...row, events: 4 }], { key })).toEqual([expect.stringContaining('events is 4, expected 3')])
})

it('allows a mean to differ by rounding and no more, and nothing else to differ at all', () => {
  expect(differences([row], [{ ...row, mean: 1.5 + 1e-8 }], { key, within: ['mean'] })).toHaveLength(1)
  expect(differences([row], [{ ...row, mean: 1.5 + 1e-12 }], { key })).toHaveLength(1)
  expect(differences([row], [{ ...row, extra: null }], { key })).toHaveLength(1)
})

it('tells the first twenty and how many more', () => {
  const rows = Array.from({ length: 30 }, (_, hour) => ({ ...row, windowStart: String(hour) }))
  expect(differences(rows, [], { key })).toHaveLength(21)
  expect(differences(rows, [], { key }).at(-1)).toBe('… and 10 more')
})
