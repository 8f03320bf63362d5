import { describe, expect, it } from '@jest/globals'
import { spreadLabels } from './spread-labels.ts'

const within = { gap: 10, top: 0, bottom: 100 }

describe('labels', () => {
  it('stand where they belong while there is room', () => {
    expect(spreadLabels([80, 20, 50], within)).toEqual([80, 20, 50])
  })

  it('are pushed apart in their order', () => {
    expect(spreadLabels([42, 40, 41], within)).toEqual([60, 40, 50])
  })

  it('stay within the plot, at its foot, too', () => {
    expect(spreadLabels([100, 99, 98], within)).toEqual([100, 90, 80])
    expect(spreadLabels([-5], within)).toEqual([0])
  })

  it('are none where there are none', () => {
    expect(spreadLabels([], within)).toEqual([])
  })
})
