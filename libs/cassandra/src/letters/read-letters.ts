import type { CassandraSession, Statement } from '../cassandra-session.ts'
import type { Row } from '../row.ts'
import { dayOf } from '../time-bucket.ts'
import { isLetter } from './kept-letter.ts'

/** Half open, epoch milliseconds: of event time for late events, of arrival for dead letters. */
export interface LetterSpan {
  readonly from: number
  readonly to: number
}

/** Where a reading goes on: behind the letter of that key, or with null at the beginning of the day. */
export interface LetterPlace<K> {
  readonly day: string
  readonly behind: K | null
}

export interface LettersRead<T, K> {
  readonly letters: readonly T[]
  /** Null when there is nothing behind. A reading may be short, even empty, and still go on. */
  readonly next: LetterPlace<K> | null
}

interface Wanted<T, K> {
  readonly span: LetterSpan
  readonly isWanted?: (letter: T) => boolean
  readonly limit: number
  readonly at?: LetterPlace<K> | null
}

/** How letters of one table are read. */
interface Reading<T, K> {
  readonly most: { readonly bytes: number; readonly looked: number; readonly days: number; readonly pageRows: number }
  /** What reads a day, in order: from the beginning, or behind a letter. */
  readonly slices: (day: string, behind: K | null) => readonly Statement[]
  readonly read: (row: Row, day: string) => T
  readonly keyIn: (row: Row, day: string) => K
  /** Whether a letter of a day is in the span, where the statement does not say so. */
  readonly isInside: (letter: T) => boolean
  readonly bytesOf: (letter: T) => number
}

const dayMs = 86_400_000

/** Reads day after day until the letters wanted, or what a reading may cost, are there. */
export async function readLetters<T, K>(session: Pick<CassandraSession, 'scan'>, { span, limit, isWanted = () => true, at = null }: Wanted<T, K>, { most, slices, read, keyIn, isInside, bytesOf }: Reading<T, K>): Promise<LettersRead<T, K>> {
  const letters: T[] = []
  let [bytes, looked, days] = [0, 0, 0]
  for (const day of daysIn(span, at?.day)) {
    if (days === most.days) return { letters, next: { day, behind: null } }
    days += 1
    let last = at?.day === day ? at.behind : null
    for (const { cql, params } of slices(day, last))
      for await (const row of session.scan(cql, params, { pageRows: Math.min(most.pageRows, limit + 1), action: 'reading letters' })) {
        if (letters.length >= limit || (bytes > 0 && bytes >= most.bytes) || looked >= most.looked) return { letters, next: { day, behind: last } }
        looked += 1
        last = keyIn(row, day)
        if (!isLetter(row)) continue
        const letter = read(row, day)
        if (!isInside(letter) || !isWanted(letter)) continue
        letters.push(letter)
        bytes += bytesOf(letter)
      }
  }
  return { letters, next: null }
}

/** The days of a span, newest first, from a day on. */
function* daysIn({ from, to }: LetterSpan, first?: string): Generator<string> {
  const start = Math.floor((to - 1) / dayMs) * dayMs
  for (let at = first === undefined ? start : Math.min(start, Date.parse(`${first}T00:00:00Z`)); at + dayMs > from; at -= dayMs) yield dayOf(at)
}
