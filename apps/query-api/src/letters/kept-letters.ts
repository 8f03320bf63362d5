import type { StoredDead, StoredLate, TimeRange } from '@millrace/rest'
import type { StreamDeclaration } from '@millrace/stream-kit'

export interface LettersAsked<T> {
  readonly stream: StreamDeclaration
  /** Of event time for late events, of arrival for dead letters. */
  readonly range: TimeRange
  readonly isWanted: (letter: T) => boolean
  readonly limit: number
  /** `next` of the page before. */
  readonly after: string | null
}

export interface LetterPage<T> {
  readonly letters: readonly T[]
  /** Where the next page begins; null after the last. A page may be short, even empty, and have a next one. */
  readonly next: string | null
}

export interface CountedLetter {
  readonly reason: string
  readonly isRedriven: boolean
}

export type CountsAsked = Pick<LettersAsked<unknown>, 'stream' | 'range' | 'after'>

/** What was kept apart. */
export abstract class KeptLetters {
  /** The latest event first. */
  abstract late(asked: LettersAsked<StoredLate>): Promise<LetterPage<StoredLate>>
  /** The newest day of arrival first. */
  abstract dead(asked: LettersAsked<StoredDead>): Promise<LetterPage<StoredDead>>
  abstract lateReasons(asked: CountsAsked): Promise<LetterPage<CountedLetter>>
  abstract deadReasons(asked: CountsAsked): Promise<LetterPage<CountedLetter>>
  abstract lateOne(stream: StreamDeclaration, id: Pick<StoredLate, 'eventTime' | 'eventId'>): Promise<StoredLate | null>
  abstract deadOne(stream: StreamDeclaration, id: Pick<StoredDead, 'day' | 'topic' | 'partition' | 'offset'>): Promise<StoredDead | null>
}
