import { describe, expect, it } from '@jest/globals'
import { ProblemException } from './problem-exception.ts'
import { RateLimit } from './rate-limit.ts'

describe('RateLimit', () => {
  let now = 0
  const limit = new RateLimit({ count: 10, perMs: 60_000, what: 'new runs', clock: { now: () => now, sleep: () => Promise.reject(new Error('never')) } })
  const taken = (caller: string, times: number): number => {
    let passed = 0
    for (let i = 0; i < times; i++) {
      try {
        limit.take(caller)
        passed += 1
      } catch (error) {
        if (!(error instanceof ProblemException) || error.problem.status !== 429) throw error
      }
    }
    return passed
  }

  it('lets through so many at once, refills evenly, and holds callers apart', () => {
    expect(taken('a', 12)).toBe(10)
    expect(taken('b', 3)).toBe(3)
    now += 12_000
    expect(taken('a', 12)).toBe(2)
    now += 3_600_000
    expect(taken('a', 12)).toBe(10)
  })

  it('takes back what was taken for nothing, and no more than there can be', () => {
    taken('e', 10)
    limit.giveBack('e')
    expect(taken('e', 5)).toBe(1)
    for (let i = 0; i < 50; i++) limit.giveBack('e')
    expect(taken('e', 20)).toBe(10)
    limit.giveBack('nobody')
  })

  it('says when to come back', () => {
    taken('c', 10)
    expect(() => { limit.take('c') }).toThrow('At most 10 new runs in 60 seconds.')
    try {
      limit.take('c')
    } catch (error) {
      expect((error as ProblemException).problem.retryAfterSeconds).toBeCloseTo(6, 5)
    }
    expect.assertions(2)
  })

  it('forgets, of more than ten thousand callers, who was seen longest ago', () => {
    const flood = (name: string): void => { for (let i = 0; i < 9_000; i++) limit.take(`${name}-${i}`) }
    taken('d', 10)
    flood('first')
    expect(taken('d', 1)).toBe(0)
    flood('second')
    expect(taken('d', 1)).toBe(0)
    flood('third')
    flood('fourth')
    expect(taken('d', 1)).toBe(1)
  })
})
