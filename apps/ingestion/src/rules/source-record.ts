import type { LetterOrigin } from '@millrace/kafka'
import type { EventValues } from '@millrace/stream-kit'

interface Origin {
  readonly origin: LetterOrigin
  /** The bytes that the source wrote for it; asked for only where a letter is written. */
  readonly bytes: () => Buffer
}

/** A record that is a valid event; whether it is new is not known yet. */
export interface CandidateRecord extends Origin {
  readonly kind: 'candidate'
  readonly event: EventValues
  /** Deterministic id, 22 characters. */
  readonly id: string
  /** Digest of its content, 8 characters. */
  readonly content: string
  readonly eventTime: number
}

/** A record that can be no event. */
export interface RefusedRecord extends Origin {
  readonly kind: 'refused'
  /** One word: `encoding`, `unreadable`, `schema`, `too-large`, `future`. */
  readonly reason: string
  readonly detail: string
  /** Digest of its bytes, 22 characters: a record that is read again is refused once. */
  readonly id: string
  readonly content: string
  /** Where it could be read. */
  readonly eventTime: number | null
}

export type SourceRecord = CandidateRecord | RefusedRecord
