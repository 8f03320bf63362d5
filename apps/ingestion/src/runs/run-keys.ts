import { randomUUID } from 'node:crypto'
import type { RunKey, RunStore } from '@millrace/cassandra'
import type { Clock, RateLimit } from '@millrace/service'

export interface RunKeysOptions {
  readonly runs: Pick<RunStore, 'claim' | 'findKey'>
  /** New runs a caller; repeats of a known key are free. */
  readonly limit: Pick<RateLimit, 'take' | 'giveBack'>
  readonly clock: Pick<Clock, 'now'>
}

/** Which run an idempotency key stands for, whoever asks, on whichever instance: the one that was claimed first. */
export class RunKeys {
  constructor(private readonly options: RunKeysOptions) {}

  /**
   * The entry that holds. `check` is asked before a key is claimed; what it refuses leaves no trace.
   *
   * A new run counts against the caller's limit, on the instance that has claimed it. Whoever finds the key claimed by
   * another has taken nothing, also where he learns it only when the limit turns him away.
   */
  async claim({ caller, key, fingerprint }: Pick<RunKey, 'caller' | 'key' | 'fingerprint'>, check: () => Promise<void>): Promise<{ readonly entry: RunKey; readonly isNew: boolean }> {
    const { runs, limit, clock } = this.options
    const known = await runs.findKey(caller, key)
    if (known) return { entry: known, isNew: false }
    await check()
    try {
      limit.take(caller)
    } catch (tooMany) {
      const entry = await runs.findKey(caller, key)
      if (entry) return { entry, isNew: false }
      throw tooMany
    }
    const mine: RunKey = { caller, key, fingerprint, runId: randomUUID(), createdAt: clock.now() }
    let isNew = false
    try {
      const entry = await runs.claim(mine)
      isNew = entry.runId === mine.runId
      return { entry, isNew }
    } finally {
      if (!isNew) limit.giveBack(caller)
    }
  }
}
