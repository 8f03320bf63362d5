import { systemClock, type Clock } from './clock.ts'
import { serviceError } from './service.errors.ts'

export interface WaitOptions {
  readonly deadlineMs: number
  readonly everyMs?: number
  /** What is waited for, as it reads after "waiting for"; for the message when it does not come. */
  readonly what?: string
  readonly clock?: Clock
  readonly signal?: AbortSignal
}

type Falsy = false | 0 | '' | null | undefined

/**
 * Asks until the answer is truthy, and answers it. An answer that throws counts as "not yet"; when the deadline
 * passes, a ServiceError with code `wait_timed_out` carries the last such error as its cause.
 */
export async function waitUntil<T>(ask: () => T | Promise<T>, { deadlineMs, everyMs = 50, what = 'a condition', clock = systemClock, signal }: WaitOptions): Promise<Exclude<Awaited<T>, Falsy>> {
  const end = clock.now() + deadlineMs
  let last: { error?: unknown, answer?: unknown }
  for (;;) {
    signal?.throwIfAborted()
    try {
      const answer = await ask()
      if (answer) return answer as Exclude<Awaited<T>, Falsy>
      last = { answer }
    } catch (error) {
      last = { error }
    }
    if (clock.now() >= end) break
    await clock.sleep(Math.min(everyMs, Math.max(1, end - clock.now())), signal)
  }
  const seen = 'error' in last ? `The last attempt failed: ${messageOf(last.error)}` : `The last answer was ${String(last.answer)}.`
  throw serviceError('wait_timed_out', `Waited ${deadlineMs} ms for ${what} in vain. ${seen}`, { cause: last.error })
}

function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error)
}
