import { describe, expect, it } from '@jest/globals'
import { aStream } from '../api/answers.fixture.ts'
import { bookEquations, equationText } from './books.ts'
import { lagSum, partitionLags } from './lag.ts'
import { ratePerSecond, remember, type PassedAt } from './rates.ts'

describe('the books', () => {
  it('say both equations with their numbers', () => {
    expect(bookEquations(aStream.counts).map(equationText)).toEqual(['32,276 fetched = 32,162 fresh + 110 repeated + 4 rejected', '32,162 fresh = 32,121 published + 41 late'])
  })

  it('say of an equation that does not hold that it does not', () => {
    const [fetched, fresh] = bookEquations({ ...aStream.counts, late: 40 })
    expect([fetched?.doesHold, fresh?.doesHold, fresh && equationText(fresh)]).toEqual([true, false, '32,162 fresh ≠ 32,121 published + 40 late'])
  })
})

describe('the lag', () => {
  it('is told by partition, in their order, and in sum', () => {
    const lags = partitionLags({ offsets: { published: { 10: 7, 2: 5 }, stored: { 2: 4 } }, lag: { 10: 7, 2: 1 } })
    expect([lags, lagSum(lags)]).toEqual([[{ partition: '2', published: 5, stored: 4, lag: 1 }, { partition: '10', published: 7, stored: 0, lag: 7 }], 8])
  })
})

describe('a rate', () => {
  const at = (seconds: number, fetched: number): PassedAt => ({ at: seconds * 1_000, passed: { fetched, published: 0, stored: 0 } })
  const seen = (...looks: PassedAt[]) => looks.reduce<readonly PassedAt[]>((before, look) => remember(before, look), [])

  it('is that of the last seconds, not of all time', () => {
    expect(ratePerSecond(seen(at(0, 0), at(2, 1_000), at(20, 1_000), at(22, 1_020), at(30, 1_100)), 'fetched')).toBe(10)
  })

  it('is not known after one look', () => {
    expect([ratePerSecond([], 'fetched'), ratePerSecond(seen(at(0, 5)), 'fetched')]).toEqual([null, null])
  })

  it('begins anew when the counts do', () => {
    expect(ratePerSecond(seen(at(0, 900), at(2, 10), at(4, 30)), 'fetched')).toBe(10)
  })

  it('remembers only what it needs', () => {
    expect(seen(...Array.from({ length: 100 }, (_, look) => at(look * 2, look))).length).toBeLessThan(8)
  })
})
