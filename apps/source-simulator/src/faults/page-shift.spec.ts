import { expect, it } from '@jest/globals'
import { PageShift } from './page-shift.ts'

it('moves a page and all after it, until the reader begins anew', () => {
  let times = 0
  const shift = new PageShift('a', { rowsInserted: 1 }, () => { times += 1 })
  const begins = [0, 100, 200, 300, 400, 500].map((offset) => shift.apply(offset, offset === 0))
  expect(begins[0]).toBe(0)
  expect(begins[1]).toBeLessThan(100)
  expect(begins[2]).toBeLessThan((begins[1] ?? 0) + 100)
  expect([shift.apply(0, true), times]).toEqual([0, 5])
  expect(shift.apply(100, false)).toBeGreaterThanOrEqual(95)
})

it('skips rows where some were deleted', () => {
  expect(new PageShift('a', { rowsDeleted: 1 }, () => undefined).apply(100, false)).toBeGreaterThan(100)
})

it('leaves pages alone where nothing goes wrong', () => {
  expect(new PageShift('a', {}, () => undefined).apply(100, false)).toBe(100)
})
