/** Built from the start of the topic, served to readers, or given up. */
export type GenerationState = 'building' | 'served' | 'retired'

/** One computation of a stream's views over the whole topic, from one plan and with one checkpoint. */
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
}

/** What readers need of a generation that is served. */
export type ServedGeneration = Pick<Generation, 'generation' | 'floor'>

/** The served ones, newest first. */
export const servedOf = (generations: readonly Generation[]): ServedGeneration[] =>
  generations.filter(({ state }) => state === 'served').map(({ generation, floor }) => ({ generation, floor })).sort((a, b) => b.generation - a.generation)

/**
 * The generation whose row counts for a window that starts at `start`: the newest served one that has seen all of the
 * window's events. Below every floor it is the oldest, which has seen most. `served` is sorted newest first.
 */
export const generationAt = (served: readonly ServedGeneration[], start: number): number | undefined =>
  (served.find(({ floor }) => floor === null || start >= floor) ?? served.at(-1))?.generation
