import type { Replay } from '@millrace/cassandra'
import { iso } from './replay-range.ts'

/** A replay or an inclusion as `GET /v1/replays/<id>` shows it. Instants are ISO 8601. */
export interface ReplayResource {
  readonly id: string
  readonly stream: string
  readonly version: number
  readonly kind: Replay['kind']
  readonly state: Replay['state']
  readonly dryRun: boolean
  /** The range that is built; null while it is not known, or where there was nothing to build. */
  readonly from: string | null
  readonly to: string | null
  readonly generation: number | null
  readonly figures: Replay['figures']
  /** The first hundred windows that differ: as they are served, and as they are built. */
  readonly differences: readonly ReplayDifference[]
  /** What became of the late events that were asked for; of an inclusion. */
  readonly late: Replay['late'] | null
  readonly error: Replay['error']
  readonly createdAt: string
  readonly endedAt: string | null
}

type Difference = Replay['differences'][number]
type ReplayDifference = Omit<Difference, 'stored' | 'recounted'> & { readonly served: Difference['stored']; readonly built: Difference['recounted'] }

export function replayResource({ id, stream, version, kind, state, asked, from, to, generation, figures, differences, late, error, createdAt, endedAt }: Replay): ReplayResource {
  return {
    id, stream, version, kind, state, dryRun: kind === 'replay' || asked.isDryRun, from: from === null ? null : iso(from), to: to === null ? null : iso(to), generation, figures,
    differences: differences.map(({ stored, recounted, ...difference }) => ({ ...difference, served: stored, built: recounted })),
    late: kind === 'include' ? late : null, error, createdAt: iso(createdAt), endedAt: endedAt === null ? null : iso(endedAt),
  }
}
