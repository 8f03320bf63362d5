import { describe, expect, it } from '@jest/globals'
import { sourceClock } from './source-clock.ts'

const nowMs = Date.parse('2026-01-01T00:00:00Z')
const hour = 3_600_000

describe('sourceClock', () => {
  it('is the clock of the answer, or ours where it tells none', () => {
    expect(sourceClock({ name: 's', trustSourceClock: false }, { dateMs: nowMs - hour, nowMs })).toBe(nowMs - hour)
    expect(sourceClock({ name: 's', trustSourceClock: false }, { dateMs: null, nowMs })).toBe(nowMs)
  })

  it('lets the page wait when the two differ by more than an hour', () => {
    for (const dateMs of [nowMs - hour - 1, nowMs + hour + 1]) {
      expect(() => sourceClock({ name: 's', trustSourceClock: false }, { dateMs, nowMs })).toThrow(expect.objectContaining({ code: 'source_clock_off', retry: 'later' }))
    }
  })

  it('is the clock of the answer all the same where the declaration trusts it', () => {
    expect(sourceClock({ name: 's', trustSourceClock: true }, { dateMs: 0, nowMs })).toBe(0)
  })
})
