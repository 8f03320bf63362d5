import type { DeadKey } from '../letters/kept-letter.ts'

/** One change of a record, by a JSON Pointer (RFC 6901). */
export type MappingStep =
  | { readonly op: 'set' | 'default'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string }
  | { readonly op: 'rename'; readonly from: string; readonly path: string }

/** What a redrive asks for. Instants are epoch milliseconds, of the arrival of letters. */
export interface RunRedrive {
  /** Says what would be judged how, and changes nothing. */
  readonly isDryRun: boolean
  /** These letters and no others; null for all of the range. */
  readonly letters: readonly DeadKey[] | null
  readonly reasons: readonly string[] | null
  readonly range: { readonly from: number; readonly to: number }
  readonly mapping: readonly MappingStep[]
  /** Also letters that have been tried in vain too often. */
  readonly retriesExhausted: boolean
}

/**
 * What became of a letter. Judged: `published`, `late`, `repeated` (its event was counted before), `revised` (another content of its id counts),
 * `rejected`. Left alone: `ahead` (of every event so far), `exhausted` (tried in vain too often), `cut` (kept only in part), `not-a-record`,
 * `redriven` (by another run), `missing`.
 */
export const redriveOutcomes = ['published', 'late', 'repeated', 'revised', 'rejected', 'ahead', 'exhausted', 'cut', 'not-a-record', 'redriven', 'missing'] as const
export type RedriveOutcome = (typeof redriveOutcomes)[number]

export interface RedriveReport {
  /** How many letters; outcomes without any are left out. */
  readonly outcomes: Readonly<Partial<Record<RedriveOutcome, number>>>
  /** The first of them, one by one. */
  readonly examples: readonly { readonly letter: string; readonly outcome: RedriveOutcome; readonly detail: string }[]
}
