import { systemClock, type Clock } from '@millrace/service'
import { MillraceError } from '@millrace/stream-kit'

interface Waiting {
  readonly deadlineMs: number
  readonly clock?: Clock
  /** Called before the first wait: whoever looks on learns why nothing happens. */
  readonly onWait?: (error: MillraceError) => void
}

const everyMs = 500

/** Does the work, again and again while it fails with `retry: 'later'`, until the deadline; then throws the last failure. */
export async function whenItAnswers<T>(work: () => Promise<T>, { deadlineMs, clock = systemClock, onWait }: Waiting): Promise<T> {
  const end = clock.now() + deadlineMs
  let hasWaited = false
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof MillraceError) || error.retry === 'never' || clock.now() + everyMs > end) throw error
      if (!hasWaited) onWait?.(error)
      hasWaited = true
      await clock.sleep(everyMs)
    }
  }
}
