import { describe, expect, it } from '@jest/globals'
import { leastOf } from './progress-store.ts'

const reached = (partition: number, finalUntil: number, offsets: Record<string, number>) => ({ partition, finalUntil, offsets, updatedAt: partition })

describe('the progress over all partitions', () => {
  it('is the least watermark and the least offsets', () => {
    expect(leastOf([reached(0, 500, { 0: 30, 1: 12 }), reached(1, 400, { 0: 20, 1: 12 })], 2)).toEqual({ finalUntil: 400, offsets: { 0: 20, 1: 12 }, updatedAt: 1 })
  })

  it('is none until a marker has come through every partition', () => {
    expect(leastOf([], 1)).toBeUndefined()
    expect(leastOf([reached(1, 400, { 0: 1 })], 2)).toBeUndefined()
  })

  it('counts a source partition as unread that one of the markers does not name', () => {
    expect(leastOf([reached(0, 500, { 0: 30, 1: 12 }), reached(1, 500, { 0: 30 })], 2)?.offsets).toEqual({ 0: 30, 1: 0 })
  })
})
