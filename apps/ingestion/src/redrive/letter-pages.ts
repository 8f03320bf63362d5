import type { DeadKey, DeadLetterStore, KeptDeadLetter, LetterPlace, RunRedrive } from '@millrace/cassandra'
import type { StreamDeclaration } from '@millrace/stream-kit'

/** How far a redrive has come: among the letters that it names, or in the range. */
export type RedrivePlace = { readonly index: number } | { readonly at: LetterPlace<DeadKey> | null }

export interface RedrivePage {
  readonly letters: readonly KeptDeadLetter[]
  /** Letters that are named and not kept. */
  readonly missing: readonly DeadKey[]
  /** Null after the last. */
  readonly next: RedrivePlace | null
}

/** So few that the books of one page and what else it carries fit in one transaction. */
const lettersAtOnce = 40

export const firstPlace = ({ letters }: RunRedrive): RedrivePlace => (letters ? { index: 0 } : { at: null })

/** The next letters of a redrive that are open, or named. Those that this run has marked before a crash are passed over. */
export async function readLetterPage(store: Pick<DeadLetterStore, 'read' | 'one'>, stream: StreamDeclaration, { redrive, place, run }: { readonly redrive: RunRedrive; readonly place: RedrivePlace; readonly run: string }): Promise<RedrivePage> {
  if ('index' in place) {
    const named = (redrive.letters ?? []).slice(place.index, place.index + lettersAtOnce)
    const found = await Promise.all(named.map(async (key) => ({ key, letter: await store.one(stream, key) })))
    const end = place.index + named.length
    return {
      letters: found.flatMap(({ letter }) => (letter && letter.redriven?.run !== run && letter.lastAttempt?.run !== run ? [letter] : [])),
      missing: found.flatMap(({ key, letter }) => (letter ? [] : [key])),
      next: end < (redrive.letters ?? []).length ? { index: end } : null,
    }
  }
  const { letters, next } = await store.read(stream, { span: redrive.range, at: place.at, limit: lettersAtOnce, isWanted: (letter) => isOpen(letter, run) && isAsked(letter, redrive) })
  return { letters, missing: [], next: next && { at: next } }
}

const isOpen = ({ redriven, lastAttempt }: KeptDeadLetter, run: string): boolean => redriven === null && lastAttempt?.run !== run

/** A revision is no failure of anything: it is tried only by who names it. */
const isAsked = ({ reason }: KeptDeadLetter, { reasons }: RunRedrive): boolean => (reasons === null ? reason !== 'revised' : reasons.includes(reason))
