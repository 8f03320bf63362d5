import type { Offsets } from '@millrace/spark-connect'
import { covers } from './offsets.ts'

/** Where the topic ended at one moment, seen by a generation that was up to date a moment before. */
export interface CatchUpGoal {
  readonly ends: Offsets
  readonly seenAt: number
}

/** How far the building of a generation is. */
export interface CatchUp {
  /** Where the topic ended when it was last looked at. */
  readonly lastEnds: Offsets
  readonly goal: CatchUpGoal | null
}

/**
 * A generation that has read all that was there at the last look keeps up with the topic: what is there now becomes its
 * goal. An earlier goal would be reached while the generation is still minutes behind the one it is to replace.
 */
export function nextGoal(before: CatchUp | undefined, { ends, committed, now }: { ends: Offsets; committed: Offsets; now: number }): CatchUp {
  const isClose = before !== undefined && covers(committed, before.lastEnds)
  if (!before?.goal) return { lastEnds: ends, goal: isClose ? { ends, seenAt: now } : null }
  // A clock that was set back begins the wait anew: it must neither take hours nor be left out.
  return { lastEnds: ends, goal: { ends: before.goal.ends, seenAt: Math.min(before.goal.seenAt, now) } }
}

export interface CatchUpQuestion {
  readonly now: number
  readonly goal: CatchUpGoal
  /** The query's. */
  readonly committed: Offsets
  /** What the materializer has stored of this generation. */
  readonly stored: Offsets
  /** What ingestion says it has published. */
  readonly published: Offsets
}

/** How long published offsets may stay behind the end of the topic before what lies between counts as nobody's. */
const settledMs = 60_000

/**
 * Whether a generation is stored up to its goal. Markers, which tell what is stored, go as far as ingestion has published;
 * records beyond that (sent twice by an ingestion that died) would hold up a quiet stream for ever, so after a minute it is
 * enough to have stored all that was published.
 */
export function hasCaughtUp({ now, goal, committed, stored, published }: CatchUpQuestion): boolean {
  if (!covers(committed, goal.ends)) return false
  return covers(stored, goal.ends) || (now - goal.seenAt >= settledMs && covers(stored, published))
}
