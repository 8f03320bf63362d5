import { CassandraSession, LetterReader, type DeadKey, type LatePosition, type LetterPlace, type LettersRead } from '@millrace/cassandra'
import type { StoredDead, StoredLate } from '@millrace/rest'
import type { StreamDeclaration } from '@millrace/stream-kit'
import { Injectable } from '@nestjs/common'
import { KeptLetters, type CountedLetter, type CountsAsked, type LetterPage, type LettersAsked } from './kept-letters.ts'

@Injectable()
export class CassandraKeptLetters extends KeptLetters {
  readonly #reader: LetterReader

  constructor(session: CassandraSession) {
    super()
    this.#reader = new LetterReader(session)
  }

  async late({ stream, range, after, ...rest }: LettersAsked<StoredLate>): Promise<LetterPage<StoredLate>> {
    return pageOf(await this.#reader.late(stream, { span: range, at: placeIn<LatePosition>(after), ...rest }))
  }

  async dead({ stream, range, after, ...rest }: LettersAsked<StoredDead>): Promise<LetterPage<StoredDead>> {
    return pageOf(await this.#reader.dead(stream, { span: range, at: placeIn<DeadKey>(after), ...rest }))
  }

  async lateReasons({ stream, range, after }: CountsAsked): Promise<LetterPage<CountedLetter>> {
    return pageOf(await this.#reader.lateReasons(stream, range, placeIn<LatePosition>(after)))
  }

  async deadReasons({ stream, range, after }: CountsAsked): Promise<LetterPage<CountedLetter>> {
    return pageOf(await this.#reader.deadReasons(stream, range, placeIn<DeadKey>(after)))
  }

  lateOne(stream: StreamDeclaration, id: Pick<StoredLate, 'eventTime' | 'eventId'>): Promise<StoredLate | null> {
    return this.#reader.lateOne(stream, id)
  }

  deadOne(stream: StreamDeclaration, id: Pick<StoredDead, 'day' | 'topic' | 'partition' | 'offset'>): Promise<StoredDead | null> {
    return this.#reader.deadOne(stream, id)
  }
}

const pageOf = <T, K>({ letters, next }: LettersRead<T, K>): LetterPage<T> => ({ letters, next: next && JSON.stringify(next) })

/** Only tokens that this service has signed come here. */
const placeIn = <K>(after: string | null): LetterPlace<K> | null => (after === null ? null : (JSON.parse(after) as LetterPlace<K>))
