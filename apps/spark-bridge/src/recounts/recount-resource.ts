import type { Recount } from '@millrace/cassandra'
import { iso } from './shown-window.ts'

/** A recount as `GET /v1/recounts/<id>` shows it. Instants are ISO 8601. */
export type RecountResource = Omit<Recount, 'attempts' | 'from' | 'to' | 'createdAt' | 'endedAt'> & {
  /** Once it runs: from where on windows were compared, which is later than asked where the topic has lost events. */
  readonly from: string
  readonly to: string
  readonly createdAt: string
  readonly endedAt: string | null
}

export function recountResource({ id, stream, version, generation, state, verdict, from, to, offsets, figures, differences, error, createdAt, endedAt }: Recount): RecountResource {
  return {
    id, stream, version, generation, state, verdict, from: iso(from), to: iso(to), offsets, figures, differences, error,
    createdAt: iso(createdAt), endedAt: endedAt === null ? null : iso(endedAt),
  }
}
