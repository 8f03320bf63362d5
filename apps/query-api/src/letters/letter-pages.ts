import { tally, type LetterCounts, type PageTokens, type TimeRange, type TokenScope } from '@millrace/rest'
import type { CountedLetter } from './kept-letters.ts'

/** The range that all pages of a query cover, and where this page begins. */
export async function pageStart(tokens: PageTokens, scope: TokenScope, { cursor }: { readonly cursor: string | null }, range: () => TimeRange | Promise<TimeRange>): Promise<{ readonly range: TimeRange; readonly after: string | null }> {
  if (cursor === null) return { range: await range(), after: null }
  const start = tokens.verify(scope, cursor)
  return { range: start.range, after: start.after }
}

export const signed = (tokens: PageTokens, scope: TokenScope, { range, next }: { readonly range: TimeRange; readonly next: string | null }): { readonly next: string | null } =>
  ({ next: next === null ? null : tokens.sign(scope, { range, generations: [], after: next }) })

export const countsAnswer = ({ from, to }: TimeRange, letters: readonly CountedLetter[], page: { readonly next: string | null }): LetterCounts =>
  ({ from: new Date(from).toISOString(), to: new Date(to).toISOString(), letters: letters.length, byReason: tally(letters.map(({ reason }) => reason)), page })
