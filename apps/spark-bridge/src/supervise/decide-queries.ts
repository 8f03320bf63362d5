import { hasPassed } from '@millrace/service'
import type { Generation } from '../ports.ts'

/** A query that runs on the server under a name of this stream. */
export interface ActiveQuery {
  readonly name: string
  readonly generation: number
  readonly planHash: string
}

/** Why a generation's query is not started just now. */
export interface Hold {
  /** When it began, epoch milliseconds: a clock that was set back to before it ends it. */
  readonly since: number
  /** Epoch milliseconds; null: not before an operator says so. */
  readonly until: number | null
  /** Nothing can be saved of the checkpoint: a generation that nobody reads yet is given up for another. */
  readonly isBeyondRepair: boolean
}

/** What is known of a stream at one moment. */
export interface StreamObservation {
  readonly now: number
  /** Of the plan as it is declared now. */
  readonly planHash: string
  readonly retentionMs: number
  readonly generations: readonly Generation[]
  /** Generations of closed ranges, which have no query. */
  readonly ranges?: readonly Generation[]
  readonly active: readonly ActiveQuery[]
  readonly holds: ReadonlyMap<number, Hold>
  /** Generations that are stored up to where the topic ended. */
  readonly caughtUp: ReadonlySet<number>
  /** Whether what ingestion has published could be read; a floor cannot be set without it. */
  readonly isIngestionKnown: boolean
  readonly isRebuildAsked: boolean
  /** Of the topic as it is now; undefined while it is not known. A generation of another incarnation has read another log. */
  readonly incarnation?: number | undefined
}

export type Action =
  | { readonly do: 'stop'; readonly query: ActiveQuery; readonly why: string }
  | { readonly do: 'retire'; readonly generation: number; readonly why: string }
  | { readonly do: 'allocate'; readonly kind: 'first' | 'plan' | 'rebuild' }
  | { readonly do: 'start'; readonly generation: Generation }
  | { readonly do: 'promote'; readonly generation: number }

/**
 * What to do about a stream's queries: at most one generation is served and kept running, at most one is built beside it.
 *
 * - Nothing of this plan is there: a generation is allocated, built from the start of the topic, and promoted when it is
 *   stored up to where the topic ended. The first one of a stream is promoted at once: there is nothing to keep whole.
 * - A topic that was made anew and restored is another log: no query goes on over it from where it was on the old one, and
 *   a generation is built over all of it.
 * - A generation of another plan goes on while it runs, for nobody can start its plan again once the declaration is gone.
 * - What is no longer wanted is stopped or retired.
 */
export function decideQueries(seen: StreamObservation): Action[] {
  const { generations, active } = seen
  const served = newest(generations, 'served')
  const building = newest(generations, 'building')
  const retired = generations.filter(({ state }) => state === 'building').flatMap((generation) => retirement(generation, { building, served }, seen))
  const candidate = building && !retired.some(({ generation }) => generation === building.generation) ? building : undefined
  const wanted = [served, candidate].filter((generation) => generation !== undefined).filter((generation) => !isOfOtherTopic(generation, seen))

  return [
    ...active.filter((query) => !wanted.some((generation) => isOf(query, generation))).map((query): Action => ({ do: 'stop', query, why: reasonToStop(query, seen) })),
    ...retired,
    ...expired(served, seen),
    ...expiredRanges(seen),
    ...allocation(served, candidate, seen),
    ...wanted.filter((generation) => canStart(generation, seen)).map((generation): Action => ({ do: 'start', generation })),
    ...promotion(served, candidate, seen),
  ]
}

const newest = (generations: readonly Generation[], state: Generation['state']): Generation | undefined =>
  generations.filter((generation) => generation.state === state).sort((a, b) => b.generation - a.generation)[0]

/** Whether its offsets are those of a topic that is gone. */
export const isOfOtherTopic = (generation: Pick<Generation, 'incarnation'>, { incarnation }: Pick<StreamObservation, 'incarnation'>): boolean =>
  incarnation !== undefined && (generation.incarnation ?? 0) !== incarnation

const isOf = (query: ActiveQuery, { generation, planHash }: Generation) => query.generation === generation && query.planHash === planHash

type Retirement = Extract<Action, { do: 'retire' }>

/** A generation that was being built and is not worth it any more. */
function retirement(candidate: Generation, { building, served }: { building: Generation | undefined; served: Generation | undefined }, seen: StreamObservation): Retirement[] {
  const { generation, planHash } = candidate
  const retire = (why: string): Retirement[] => [{ do: 'retire', generation, why }]
  if (generation !== building?.generation) return retire('a newer one is being built')
  // Left over where it could not be given up in time: the newer one has been promoted meanwhile.
  if (served && generation < served.generation) return retire('a newer one is served')
  if (planHash !== seen.planHash) return retire('the plan has changed')
  if (isOfOtherTopic(candidate, seen)) return retire('the topic was made anew')
  if (seen.isRebuildAsked) return retire('a rebuild was asked for')
  const hold = seen.holds.get(generation)
  const isOver = hold?.until === null || (hold !== undefined && hasEnded(hold, seen.now))
  return hold?.isBeyondRepair && isOver ? retire('its checkpoint cannot be used') : []
}

function allocation(served: Generation | undefined, candidate: Generation | undefined, seen: StreamObservation): Action[] {
  if (candidate) return []
  if (seen.isRebuildAsked || (served && isOfOtherTopic(served, seen))) return [{ do: 'allocate', kind: 'rebuild' }]
  if (!served) return [{ do: 'allocate', kind: 'first' }]
  return served.planHash === seen.planHash ? [] : [{ do: 'allocate', kind: 'plan' }]
}

function canStart(generation: Generation, { active, planHash, holds, now }: StreamObservation): boolean {
  if (generation.planHash !== planHash || active.some((query) => isOf(query, generation))) return false
  const hold = holds.get(generation.generation)
  return hold === undefined || hasEnded(hold, now)
}

/** What an operator has to decide never ends by itself. */
const hasEnded = ({ since, until }: Hold, now: number): boolean => until !== null && hasPassed(until - since, { since, now })

function promotion(served: Generation | undefined, candidate: Generation | undefined, { active, caughtUp, isIngestionKnown }: StreamObservation): Action[] {
  if (!candidate || !isIngestionKnown) return []
  const isReady = served ? caughtUp.has(candidate.generation) : active.some((query) => isOf(query, candidate))
  return isReady ? [{ do: 'promote', generation: candidate.generation }] : []
}

const dayMs = 86_400_000

/** Older generations stay served for the windows before a newer one's floor, until all their rows have expired. */
function expired(served: Generation | undefined, { generations, retentionMs, now }: StreamObservation): Action[] {
  if (!served || now < served.createdAt + retentionMs + dayMs) return []
  return generations
    .filter(({ state, generation }) => state === 'served' && generation < served.generation)
    .map(({ generation }): Action => ({ do: 'retire', generation, why: 'all its rows have expired' }))
}

/** A range is computed in one go, so its rows expire together, a while after it was begun. */
function expiredRanges({ ranges = [], retentionMs, now }: StreamObservation): Action[] {
  return ranges
    .filter(({ state, createdAt }) => state === 'served' && now >= createdAt + retentionMs + dayMs)
    .map(({ generation }): Action => ({ do: 'retire', generation, why: 'all its rows have expired' }))
}

function reasonToStop({ generation, planHash }: ActiveQuery, seen: StreamObservation): string {
  const known = seen.generations.find((other) => other.generation === generation)
  if (!known) return 'its generation is not entered in Cassandra'
  if (known.planHash !== planHash) return 'it runs another plan than its generation'
  if (isOfOtherTopic(known, seen)) return 'the topic was made anew'
  return known.state === 'retired' ? 'its generation is retired' : 'a newer generation is served'
}
