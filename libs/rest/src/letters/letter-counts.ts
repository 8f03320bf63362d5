import type { WindowOfLetter } from './letter-answer.ts'

/** How many letters there are of each reason, and in each window where they are counted by a view. */
export interface LetterCounts {
  readonly from: string
  readonly to: string
  readonly letters: number
  readonly byReason: Readonly<Record<string, number>>
  readonly byWindow?: readonly (WindowOfLetter & { readonly letters: number })[]
  /** Letters whose bytes no longer tell the window: those that were kept only in part. */
  readonly withoutWindow?: number
  /** Of dead letters. */
  readonly byState?: { readonly open: number; readonly redriven: number }
  readonly page: { readonly next: string | null }
}

/** Adds one to what is counted under a name. */
export const tally = (names: Iterable<string>): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}
