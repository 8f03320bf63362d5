import type { RunKey, RunStore } from '@millrace/cassandra'
import type { RequestKeys } from '@millrace/service'

/** Which run an idempotency key stands for, whoever asks, on whichever instance: the one that was claimed first. */
export const runKeys = (runs: Pick<RunStore, 'claim' | 'findKey'>): RequestKeys => ({
  find: async (caller, key) => { const known = await runs.findKey(caller, key); return known && requestOf(known) },
  claim: async ({ id, ...entry }) => requestOf(await runs.claim({ ...entry, runId: id })),
})

const requestOf = ({ runId: id, ...entry }: RunKey) => ({ ...entry, id })
