import type { RunKey, RunStore } from '@millrace/cassandra'
import { claimKey, type Clock, type RateLimit, type RequestKeys } from '@millrace/service'

export interface RunKeysOptions {
  readonly runs: Pick<RunStore, 'claim' | 'findKey'>
  /** New runs a caller; repeats of a known key are free. */
  readonly limit: Pick<RateLimit, 'take' | 'giveBack'>
  readonly clock: Pick<Clock, 'now'>
}

/** Which run an idempotency key stands for, whoever asks, on whichever instance: the one that was claimed first. */
export class RunKeys {
  readonly #keys: RequestKeys

  constructor(private readonly options: RunKeysOptions) {
    const { runs } = options
    this.#keys = {
      find: async (caller, key) => { const known = await runs.findKey(caller, key); return known && requestOf(known) },
      claim: async ({ id, ...entry }) => requestOf(await runs.claim({ ...entry, runId: id })),
    }
  }

  /** The entry that holds. `check` is asked before a key is claimed; what it refuses leaves no trace. */
  async claim(ask: Pick<RunKey, 'caller' | 'key' | 'fingerprint'>, check: () => Promise<void>): Promise<{ readonly entry: RunKey; readonly isNew: boolean }> {
    const { limit, clock } = this.options
    const { entry: { id: runId, ...entry }, isNew } = await claimKey({ keys: this.#keys, limit, clock, ...ask, admit: check })
    return { entry: { ...entry, runId }, isNew }
  }
}

const requestOf = ({ runId: id, ...entry }: RunKey) => ({ ...entry, id })
