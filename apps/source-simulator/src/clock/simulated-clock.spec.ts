import { describe, expect, it } from '@jest/globals'
import { SimulatedClock } from './simulated-clock.ts'

describe('SimulatedClock', () => {
  let real = 1_000
  const clockAt = (speed: number | 'max', start = 5_000, end = 100_000): SimulatedClock =>
    new SimulatedClock({ real: { now: () => real, sleep: () => Promise.reject(new Error('never')) }, start, end, speed })

  it('starts where it is told and runs as fast as it is told', () => {
    const clock = clockAt(600)
    expect(clock.now()).toBe(5_000)
    real += 10
    expect(clock.now()).toBe(11_000)
  })

  it('stands still at the end of the data', () => {
    const clock = clockAt(600)
    real += 1_000_000
    expect(clock.now()).toBe(100_000)
    clock.set({ speed: 1 })
    real += 1_000
    expect(clock.now()).toBe(100_000)
  })

  it('jumps to the end at speed max, and stays there when it is slowed down', () => {
    const clock = clockAt(0)
    clock.set({ speed: 'max' })
    expect(clock.now()).toBe(100_000)
    clock.set({ speed: 2 })
    expect(clock.now()).toBe(100_000)
  })

  it('goes on from where it is when only the speed changes, and from a start when there is one', () => {
    const clock = clockAt(2)
    real += 100
    clock.set({ speed: 0 })
    real += 5_000
    expect(clock.now()).toBe(5_200)
    clock.set({ speed: 1, start: 7_000 })
    real += 1
    expect(clock.now()).toBe(7_001)
    clock.set({ start: 10 ** 12 })
    expect(clock.now()).toBe(100_000)
  })

  it('never goes back when the real clock does', () => {
    const clock = clockAt(10)
    real -= 500
    expect(clock.now()).toBe(5_000)
  })
})
