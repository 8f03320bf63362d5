import { describe, expect, it } from '@jest/globals'
import { currentOf, generationAt, includedAt, replacedBy, servedOf, type Generation } from './generation.ts'

const made = (generation: number, state: Generation['state'], floor: number | null = null): Generation => ({ generation, state, floor, kind: 'plan', planHash: 'x', checkpoint: 'c', createdAt: 0 })
const ranged = (generation: number, state: Generation['state'], from: number, to: number): Generation => ({ ...made(generation, state), range: { from, to } })
const at = (start: number, sizeMs = 10) => ({ start, end: start + sizeMs })

describe('the generation of a window', () => {
  it('is the newest that is served, never one that is being built or given up', () => {
    const served = servedOf([made(4, 'building'), made(2, 'served'), made(3, 'served'), made(1, 'retired')])
    expect(served).toEqual([{ generation: 3, floor: null }, { generation: 2, floor: null }])
    expect(generationAt(served, at(0))).toBe(3)
  })

  it('is an older one for windows that the newest has not seen whole', () => {
    const served = servedOf([made(1, 'served'), made(2, 'served', 100), made(3, 'served', 200)])
    expect([250, 200, 199, 100, 99].map((start) => generationAt(served, at(start)))).toEqual([3, 3, 2, 2, 1])
  })

  it('is the oldest where all have a floor above it, which has seen most', () => {
    expect(generationAt(servedOf([made(2, 'served', 100), made(3, 'served', 200)]), at(50))).toBe(2)
  })

  it('is none where none is served', () => {
    expect(generationAt(servedOf([made(1, 'building')]), at(0))).toBeUndefined()
  })

  it('is that of a range for the windows that lie wholly in it, until a newer one computes them all', () => {
    const served = servedOf([made(1, 'served'), ranged(2, 'served', 100, 200), ranged(3, 'building', 0, 900)])
    expect([at(90), at(95), at(100), at(190), at(191), at(200)].map((window) => generationAt(served, window))).toEqual([1, 1, 2, 2, 1, 1])
    expect(generationAt(servedOf([made(4, 'served', 150), made(1, 'served'), ranged(2, 'served', 100, 200)]), at(150))).toBe(4)
    expect(generationAt(servedOf([made(4, 'served', 150), made(1, 'served'), ranged(2, 'served', 100, 200)]), at(140))).toBe(2)
    expect(generationAt(servedOf([made(4, 'served', 150), ranged(2, 'served', 100, 200)]), at(50))).toBe(4)
  })

  it('says how many late events it counts', () => {
    const served = servedOf([made(1, 'served'), { ...ranged(2, 'served', 100, 200), included: { 100: 3 } }, { ...ranged(3, 'served', 150, 200), included: { 150: 1 } }])
    expect([at(100), at(150), at(160), at(200)].map((hour) => includedAt(served, hour))).toEqual([3, 1, 0, 0])
  })
})

describe('the current generation', () => {
  it('is the newest of all windows, whatever ranges were computed since', () => {
    expect(currentOf(servedOf([made(1, 'served'), made(2, 'served', 10), ranged(3, 'served', 0, 9)]))?.generation).toBe(2)
  })
})

describe('what a promotion replaces', () => {
  const served = [made(1, 'served'), ranged(2, 'served', 0, 10), ranged(3, 'served', 20, 30), ranged(4, 'retired', 0, 10)]
  const replaced = (...promoted: Generation[]) => replacedBy(promoted, [...served, ...promoted]).map(({ generation }) => generation)

  it('is everything older where it has neither floor nor range', () => {
    expect(replaced(made(5, 'building'))).toEqual([1, 2, 3])
  })

  it('is the ranges above its floor', () => {
    expect(replaced(made(5, 'building', 20))).toEqual([3])
    expect(replaced(made(5, 'building', 21))).toEqual([])
  })

  it('is the ranges within its range, never a generation of all windows', () => {
    expect(replaced(ranged(5, 'building', 0, 10))).toEqual([2])
    expect(replaced(ranged(5, 'building', 0, 9))).toEqual([])
    expect(replaced(ranged(5, 'building', -1, 30))).toEqual([2, 3])
  })

  it('is nothing that is promoted with it', () => {
    expect(replaced(made(5, 'building'), ranged(6, 'building', 0, 5))).toEqual([1, 2, 3])
  })
})
