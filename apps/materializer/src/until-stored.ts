import type { Batch } from '@millrace/kafka'
import { backOff, systemClock, type Clock } from '@millrace/service'
import { MillraceError } from '@millrace/stream-kit'
import { storeAwaited } from './materializer.signals.ts'

/** Well below the two seconds within which a batch must show a sign of life. */
const heartbeatMs = 1_000

export interface UntilStoredOptions {
  readonly clock?: Clock
  readonly random?: () => number
}

/**
 * Stores a batch, again and again while Cassandra is away: an outage delays rows and never makes a letter of them.
 * Keeps the partition meanwhile. Rejects when the partition is lost or the worker stops, then the batch comes again;
 * and with an error that trying again cannot mend.
 */
export async function untilStored(batch: Batch, store: () => Promise<void>, { clock = systemClock, random = Math.random }: UntilStoredOptions = {}): Promise<void> {
  const waits = backOff({ baseMs: 100, capMs: 2_000, random })
  for (;;) {
    try {
      await alive(batch, store, clock)
      return
    } catch (error) {
      if (!(error instanceof MillraceError) || error.retry === 'never' || !error.code.startsWith('cassandra_')) throw error
      const waitMs = waits.next()
      storeAwaited({ topic: batch.topic, partition: batch.partition, waitMs, error })
      await alive(batch, () => clock.sleep(waitMs), clock)
    }
  }
}

/** Does the work with a heartbeat each second. When the partition is lost, waits for the work to end before it says so: nothing runs on unseen. */
async function alive(batch: Batch, work: () => Promise<void>, clock: Clock): Promise<void> {
  const done = new AbortController()
  const working = work().finally(() => { done.abort() })
  const beating = beat(batch, clock, done.signal)
  const [worked, lost] = await Promise.allSettled([working, beating])
  if (lost.status === 'rejected') throw lost.reason
  if (worked.status === 'rejected') throw worked.reason
}

async function beat(batch: Batch, clock: Clock, done: AbortSignal): Promise<void> {
  const isDone = () => done.aborted
  while (!isDone()) {
    try {
      await clock.sleep(heartbeatMs, done)
    } catch (error) {
      if (isDone()) return
      throw error
    }
    await batch.heartbeat()
  }
}
