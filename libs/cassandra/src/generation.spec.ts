import { describe, expect, it } from '@jest/globals'
import { generationAt, servedOf, type Generation } from './generation.ts'

const made = (generation: number, state: Generation['state'], floor: number | null = null): Generation => ({ generation, state, floor, kind: 'plan', planHash: 'x', checkpoint: 'c', createdAt: 0 })

describe('the generation of a window', () => {
  it('is the newest that is served, never one that is being built or given up', () => {
    const served = servedOf([made(4, 'building'), made(2, 'served'), made(3, 'served'), made(1, 'retired')])
    expect(served).toEqual([{ generation: 3, floor: null }, { generation: 2, floor: null }])
    expect(generationAt(served, 0)).toBe(3)
  })

  it('is an older one for windows that the newest has not seen whole', () => {
    const served = servedOf([made(1, 'served'), made(2, 'served', 100), made(3, 'served', 200)])
    expect([250, 200, 199, 100, 99].map((start) => generationAt(served, start))).toEqual([3, 3, 2, 2, 1])
  })

  it('is the oldest where all have a floor above it, which has seen most', () => {
    expect(generationAt(servedOf([made(2, 'served', 100), made(3, 'served', 200)]), 50)).toBe(2)
  })

  it('is none where none is served', () => {
    expect(generationAt(servedOf([made(1, 'building')]), 0)).toBeUndefined()
  })
})
