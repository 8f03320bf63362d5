import type { Run, RunState } from '@millrace/cassandra'

/** A run as `GET /v1/runs/<id>` shows it. */
export interface RunResource {
  readonly id: string
  readonly stream: string
  /** `pull`: goes on at the cursor. `backfill`: reads a past range again. */
  readonly kind: 'pull' | 'backfill'
  readonly state: RunState
  readonly counts: { readonly fetched: number; readonly fresh: number; readonly repeated: number; readonly rejected: number; readonly late: number; readonly published: number }
  /** By partition of the stream's topic: the next offset after everything that was published when the run ended. */
  readonly offsets: Readonly<Record<string, number>>
  readonly error: { readonly code: string; readonly message: string } | null
}

export function runResource({ id, stream, range, state, counts: { fetched, fresh, repeated, rejected, late, published }, offsets, error }: Run): RunResource {
  return {
    id,
    stream,
    kind: range ? 'backfill' : 'pull',
    state,
    counts: { fetched, fresh, repeated, rejected, late, published },
    offsets: Object.fromEntries(Object.entries(offsets).map(([partition, offset]) => [partition, Number(offset)])),
    error,
  }
}
