import type { RecountDifference, RecountFigures } from '../recounts/recount.ts'

/** `ready`: built and compared, waiting for somebody to promote it. `succeeded`: readers get it, or there was nothing to do. */
export type ReplayState = 'queued' | 'running' | 'ready' | 'succeeded' | 'discarded' | 'failed' | 'abandoned'

/** A replay builds a range anew as its topic says; an inclusion with late events besides. */
export type ReplayKind = 'replay' | 'include'

/** What was asked for. Instants are epoch milliseconds. */
export interface ReplayRequest {
  readonly from: number | null
  readonly to: number | null
  /** Late events by id; null: all of the range. */
  readonly ids: readonly string[] | null
  /** Built and compared, but not promoted until somebody says so. */
  readonly isDryRun: boolean
}

/** What became of the late events that were asked for. */
export interface LateFigures {
  /** Counted in the generation. */
  readonly chosen: number
  /** Counted by what is served already. */
  readonly included: number
  /** In windows that are not final yet. */
  readonly open: number
  /** In windows of which the topic has lost events. */
  readonly expired: number
  /** Of whose bytes no event can be made any more. */
  readonly unreadable: number
}

/** Windows of a closed range, built anew beside those that are served. Instants are epoch milliseconds. */
export interface Replay {
  readonly id: string
  readonly stream: string
  readonly version: number
  readonly kind: ReplayKind
  readonly state: ReplayState
  readonly asked: ReplayRequest
  /** The range that is built; null while it is not known, or nothing is to be built. */
  readonly from: number | null
  readonly to: number | null
  /** The one that is built. */
  readonly generation: number | null
  /** The served generations that readers had in the range when it was compared, newest first. */
  readonly against: readonly number[]
  /** By partition: the next offset after the last event that was read. */
  readonly offsets: Readonly<Record<string, number>>
  /** `windows` were built. `missing` are new, `extra` would be gone. */
  readonly figures: RecountFigures
  /** The first ones; `recounted` is what was built. */
  readonly differences: readonly RecountDifference[]
  readonly late: LateFigures
  readonly error: { readonly code: string; readonly message: string } | null
  /** How often it was begun: by this process or by those before it. */
  readonly attempts: number
  readonly createdAt: number
  readonly endedAt: number | null
}

export const noLate: LateFigures = { chosen: 0, included: 0, open: 0, expired: 0, unreadable: 0 }

const ends: ReadonlySet<ReplayState> = new Set(['succeeded', 'discarded', 'failed', 'abandoned'])

/** Whether nothing more will become of it. */
export const isOver = ({ state }: Pick<Replay, 'state'>): boolean => ends.has(state)
