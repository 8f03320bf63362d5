import { describe, expect, it } from '@jest/globals'
import { backOffMs } from './back-off.ts'

const steady = { firstMs: 1_000, mostMs: 30_000, random: () => 0.5 }

describe('the back-off', () => {
  it('doubles with each failure, up to its bound', () => {
    expect([1, 2, 3, 4, 5, 6, 60].map((failures) => backOffMs(failures, steady))).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
  })

  it('spreads pages that failed together over half of the wait', () => {
    expect([0, 1].map((random) => backOffMs(2, { ...steady, random: () => random }))).toEqual([1_500, 2_500])
  })

  it('is never shorter than what the answer has asked for', () => {
    expect([backOffMs(1, steady, 5_000), backOffMs(4, steady, 5_000)]).toEqual([5_000, 8_000])
  })
})
