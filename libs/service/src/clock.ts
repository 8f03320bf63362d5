import { setTimeout as wait } from 'node:timers/promises'

/** Time as a worker sees it. Tests put a clock of their own in its place. */
export interface Clock {
  /** Milliseconds since 1970, as `Date.now()`. */
  now(): number
  /** Resolves after so many milliseconds; rejects with the signal's reason as soon as it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/**
 * Whether so many milliseconds have passed since then. Where the clock was set back the answer is yes: what waits for it to
 * come there again may wait for hours.
 */
export const hasPassed = (ms: number, { since, now }: { readonly since: number; readonly now: number }): boolean => now < since || now - since >= ms

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    signal?.throwIfAborted()
    try {
      await wait(ms, undefined, signal === undefined ? {} : { signal })
    } catch (error) {
      signal?.throwIfAborted()
      throw error
    }
  },
}
