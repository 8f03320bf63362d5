import type { RedriveReport, Run, RunState } from '@millrace/cassandra'

/** A run as `GET /v1/runs/<id>` shows it. */
export interface RunResource {
  readonly id: string
  readonly stream: string
  /** `pull`: goes on at the cursor. `backfill`: reads a past range again. `redrive`: judges dead letters again. `restore`: puts the events of a lost topic back on it. */
  readonly kind: 'pull' | 'backfill' | 'redrive' | 'restore'
  readonly state: RunState
  readonly counts: { readonly fetched: number; readonly fresh: number; readonly repeated: number; readonly rejected: number; readonly late: number; readonly published: number }
  /** By partition of the stream's topic: the next offset after everything that was published when the run ended. */
  readonly offsets: Readonly<Record<string, number>>
  readonly error: { readonly code: string; readonly message: string } | null
  /** Of a redrive: what has become of how many letters, and of the first of them one by one. */
  readonly redrive?: RedriveReport & { readonly dryRun: boolean }
  /** Of a restore: `missing` events were published once and are kept no more; windows that start at `from` or later have all of theirs, null: every window has. */
  readonly restore?: { readonly pages: number; readonly events: number; readonly missing: number; readonly from: string | null }
}

/** What tells the kinds of runs apart, before they are entered and after. */
export const kindOf = ({ range, redrive, restore }: { readonly range: unknown; readonly redrive?: unknown; readonly restore?: unknown }): RunResource['kind'] => (restore ? 'restore' : redrive ? 'redrive' : range ? 'backfill' : 'pull')

export function runResource({ id, stream, range, redrive, report, restore, state, counts: { fetched, fresh, repeated, rejected, late, published }, offsets, error }: Run): RunResource {
  return {
    id,
    stream,
    kind: kindOf({ range, redrive, restore }),
    state,
    counts: { fetched, fresh, repeated, rejected, late, published },
    offsets: Object.fromEntries(Object.entries(offsets).map(([partition, offset]) => [partition, Number(offset)])),
    error,
    ...(redrive && { redrive: { dryRun: redrive.isDryRun, outcomes: report?.outcomes ?? {}, examples: report?.examples ?? [] } }),
    ...(restore && { restore: { pages: restore.pages, events: restore.events, missing: restore.missing, from: restore.floor === null ? null : new Date(restore.floor).toISOString() } }),
  }
}
