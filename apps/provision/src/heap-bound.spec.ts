import { expect, it } from '@jest/globals'
import { heapBound } from './heap-bound.ts'

it('says how many ids fit half the heap, and what rate over the retention that is', () => {
  const bound = heapBound({ name: 'trades', version: 1, retentionMs: 7_200_000 }, 1_024)
  expect(bound).toMatchObject({ stream: 'trades.v1', mostEvents: 2_407_492 })
  expect(bound.mostPerSecond).toBeCloseTo(334.4, 1)
  expect(heapBound({ name: 'trades', version: 1, retentionMs: 14_400_000 }, 2_048).mostPerSecond).toBeCloseTo(334.4, 1)
})
