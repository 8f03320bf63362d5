import { systemClock } from '@millrace/service'

/** Resolves when the promise has settled, the time is over, or the signal aborts, whichever is first; leaves no timer behind. */
export async function settledWithin(promise: Promise<unknown>, ms: number, signal?: AbortSignal): Promise<void> {
  const done = new AbortController()
  const limit = systemClock.sleep(ms, signal ? AbortSignal.any([done.signal, signal]) : done.signal)
  await Promise.race([Promise.allSettled([promise]), Promise.allSettled([limit])])
  done.abort()
}
