import { describe, expect, it } from '@jest/globals'
import { SimulatedClock, type ClockPosition } from './simulated-clock.ts'

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

  it('shows after a restart what it would show without one, also with a speed and a start that it was told', () => {
    let kept: ClockPosition | undefined
    const keeper = { read: () => kept, keep: (position: ClockPosition) => { kept = position } }
    const start = () => new SimulatedClock({ real: { now: () => real, sleep: () => Promise.reject(new Error('never')) }, start: 5_000, end: 100_000, speed: 10, keeper })
    const first = start()
    real += 100
    expect([first.now(), start().now()]).toEqual([6_000, 6_000])
    first.set({ speed: 2 })
    real += 100
    expect([start().now(), start().speed]).toEqual([6_200, 2])
    start().set({ start: 50_000, speed: 0 })
    real += 100
    expect([start().now(), start().speed]).toEqual([50_000, 0])
    start().set({ speed: 'max' })
    expect(start().now()).toBe(100_000)
  })

  it('never goes back when the real clock does', () => {
    const clock = clockAt(10)
    real -= 500
    expect(clock.now()).toBe(5_000)
  })
})
