import { serviceProblem, systemClock } from '@millrace/service'

/** Every answer of the store comes within this time, or the caller gets 503: nobody waits for a store that is away. */
export const patienceMs = 1_500

/** The answer, or after the time the problem 503. What comes later is dropped. */
export async function within<T>(ms: number, answer: Promise<T>): Promise<T> {
  const limit = new AbortController()
  try {
    return await Promise.race([answer, tooLate(ms, limit.signal)])
  } finally {
    limit.abort()
  }
}

async function tooLate(ms: number, signal: AbortSignal): Promise<never> {
  await systemClock.sleep(ms, signal)
  throw serviceProblem('store_slow', { retryAfterSeconds: 2, detail: `The store has not answered within ${ms} ms. Try again later.` })
}
