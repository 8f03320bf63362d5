import { describe, expect, it } from '@jest/globals'
import { minutesOff, missingFaketime, wrongClock } from './wrong-clock.ts'

describe('a wrong clock', () => {
  it('is ahead or behind by what is asked for, and only the clock of the day', () => {
    expect(wrongClock(180, '/lib/faketime.so')).toMatchObject({ LD_PRELOAD: '/lib/faketime.so', FAKETIME: '+180m', FAKETIME_DONT_FAKE_MONOTONIC: '1' })
    expect(wrongClock(-45, '/lib/faketime.so')).toMatchObject({ FAKETIME: '-45m' })
  })

  it('is known by what it shows', () => {
    const now = Date.parse('2026-01-01T12:00:00Z')
    expect([minutesOff(now + 900, now), minutesOff(now + 3 * 3_600_000 + 4_000, now), minutesOff(now - 45 * 60_000 - 900, now)]).toEqual([0, 180, -45])
  })

  it('cannot be had without the library, and the way to get it is said', () => {
    expect(missingFaketime(null)).toMatch(/apt-get install libfaketime/)
    expect(missingFaketime('/lib/faketime.so')).toBeNull()
  })
})
