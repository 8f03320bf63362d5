/** Built from the start of the topic, served to readers, or given up. */
export type GenerationState = 'building' | 'served' | 'retired'

/** A closed range of event time, epoch milliseconds; the end is outside. */
export interface EventRange {
  readonly from: number
  readonly to: number
}

/** One computation of a stream's views from one plan: over the whole topic with a checkpoint that goes on, or over a closed range once. */
export interface Generation {
  readonly generation: number
  /** Why it was made, such as `plan` or `rebuild`. */
  readonly kind: string
  readonly planHash: string
  readonly checkpoint: string
  /** Windows that start before this instant (epoch milliseconds) may lack events that the topic no longer had; null: none do. */
  readonly floor: number | null
  readonly state: GenerationState
  readonly createdAt: number
  /** It computes only the windows that lie wholly in it. Absent: all windows. */
  readonly range?: EventRange
  /** How many late events its windows count, by the first instant of the hour. Absent: none. */
  readonly included?: IncludedCounts
  /** Of the stream's topic whose events it computes. Absent: the first. */
  readonly incarnation?: number
  /** When it became served. Absent: it never was, or before this was kept. */
  readonly promotedAt?: number
}

/** Late events that windows count, by the epoch milliseconds of the first instant of their hour. */
export type IncludedCounts = Readonly<Record<string, number>>

/** What readers need of a generation that is served. */
export type ServedGeneration = Pick<Generation, 'generation' | 'floor' | 'range' | 'included' | 'incarnation'>

/** The served ones, newest first. */
export const servedOf = (generations: readonly Generation[]): ServedGeneration[] =>
  generations.filter(({ state }) => state === 'served')
    .map(({ generation, floor, range, included, incarnation }) => ({ generation, floor, ...(range && { range }), ...(included && { included }), ...(incarnation !== undefined && { incarnation }) }))
    .sort((a, b) => b.generation - a.generation)

/** The newest of those that compute all windows: its query goes on, and its progress tells what is final. `served` is sorted newest first. */
export const currentOf = <T extends Pick<Generation, 'range'>>(served: readonly T[]): T | undefined => served.find(({ range }) => range === undefined)

/** Whether a range holds a window wholly. */
export const isWithin = ({ start, end }: WindowSpan, { from, to }: EventRange): boolean => start >= from && end <= to

/** Epoch milliseconds; the end is outside. */
export interface WindowSpan {
  readonly start: number
  readonly end: number
}

/**
 * The generation whose row counts for a window: the newest served one that computes the window and has seen all of its
 * events. Below every floor it is the oldest, which has seen most. `served` is sorted newest first.
 */
export const generationAt = (served: readonly ServedGeneration[], window: WindowSpan): number | undefined =>
  (served.find(({ floor, range }) => (range ? isWithin(window, range) : floor === null || window.start >= floor)) ?? served.findLast(({ range }) => range === undefined))?.generation

/** How many late events are counted in an hour: as its rows are, by the generation that counts for it. */
export const includedAt = (served: readonly ServedGeneration[], hour: WindowSpan): number => {
  const generation = generationAt(served, hour)
  return served.find((one) => one.generation === generation)?.included?.[hour.start] ?? 0
}

type Placed = Pick<Generation, 'generation' | 'floor' | 'range' | 'state'>

/**
 * The served generations of which readers take no row any more once `promoted` are served: all that are older than one
 * without floor and range; above a floor, those of ranges; and those of ranges that lie in a newer range.
 */
export function replacedBy<T extends Placed>(promoted: readonly Placed[], all: readonly T[]): T[] {
  const covers = (by: Placed, other: Placed): boolean => {
    if (other.generation >= by.generation) return false
    if (by.range) return other.range !== undefined && isWithin({ start: other.range.from, end: other.range.to }, by.range)
    return by.floor === null || (other.range !== undefined && other.range.from >= by.floor)
  }
  return all.filter((other) => other.state === 'served' && promoted.some((by) => covers(by, other)))
}
