import { describe, expect, it } from '@jest/globals'
import { backOff } from './back-off.ts'
import { systemClock, type Clock } from './clock.ts'
import { waitUntil } from './wait-until.ts'

describe('backOff', () => {
  it('doubles the greatest wait up to the cap, and begins anew after reset', () => {
    const waits = backOff({ baseMs: 100, capMs: 1_000, random: () => 1 })
    expect([1, 2, 3, 4, 5, 6].map(() => waits.next())).toEqual([100, 200, 400, 800, 1_000, 1_000])
    waits.reset()
    expect(waits.next()).toBe(100)
  })

  it('stays within its bounds for any number of attempts', () => {
    const waits = backOff({ baseMs: 50, capMs: 30_000 })
    for (let attempt = 0; attempt < 2_000; attempt++) {
      const ms = waits.next()
      expect(ms >= 0 && ms <= 30_000 && Number.isInteger(ms)).toBe(true)
    }
  })

  it('spreads: two callers do not come back together', () => {
    const [one, other] = [backOff({ baseMs: 1_000, capMs: 60_000 }), backOff({ baseMs: 1_000, capMs: 60_000 })]
    const pairs = Array.from({ length: 20 }, () => [one.next(), other.next()] as const)
    expect(pairs.filter(([a, b]) => a === b).length).toBeLessThan(5)
  })
})

describe('systemClock', () => {
  it('wakes a sleeper whose signal aborts, with the reason', async () => {
    const stop = new AbortController()
    const slept = systemClock.sleep(60_000, stop.signal)
    stop.abort(new Error('enough'))
    await expect(slept).rejects.toThrow('enough')
    await expect(systemClock.sleep(1, stop.signal)).rejects.toThrow('enough')
  })
})

describe('waitUntil', () => {
  /** Sleeping takes no time here, it only moves the hands. */
  const clock = (): Clock => {
    let now = 0
    return { now: () => now, sleep: (ms) => { now += ms; return Promise.resolve() } }
  }

  it('answers the first truthy answer', async () => {
    const answers = [0, undefined, 'yes', 'later']
    await expect(waitUntil(() => answers.shift(), { deadlineMs: 1_000, clock: clock() })).resolves.toBe('yes')
  })

  it('takes an error for not yet, and tells the last one when the deadline passes', async () => {
    let asked = 0
    const ask = (): never => { throw new Error(`no ${++asked}`) }
    await expect(waitUntil(ask, { deadlineMs: 100, everyMs: 10, what: 'a miracle', clock: clock() })).rejects.toMatchObject({
      code: 'wait_timed_out', retry: 'later', message: `Waited 100 ms for a miracle in vain. The last attempt failed: no 11`, cause: { message: 'no 11' },
    })
  })

  it('ends at once when its signal aborts', async () => {
    await expect(waitUntil(() => false, { deadlineMs: 60_000, signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow('stop')
  })
})
