import { CassandraSession, GenerationStore, InclusionStore, LetterReader, type DeadKey, type LatePosition, type LetterPlace, type LettersRead } from '@millrace/cassandra'
import type { StoredDead, StoredLate } from '@millrace/rest'
import type { StreamDeclaration } from '@millrace/stream-kit'
import { Injectable } from '@nestjs/common'
import { KeptLetters, type CountedLetter, type CountsAsked, type LetterPage, type LettersAsked } from './kept-letters.ts'

@Injectable()
export class CassandraKeptLetters extends KeptLetters {
  readonly #reader: LetterReader
  readonly #inclusions: InclusionStore
  readonly #generations: GenerationStore

  constructor(session: CassandraSession) {
    super()
    this.#reader = new LetterReader(session)
    this.#inclusions = new InclusionStore(session)
    this.#generations = new GenerationStore(session)
  }

  async late({ stream, range, after, ...rest }: LettersAsked<StoredLate>): Promise<LetterPage<StoredLate>> {
    const { letters, next } = pageOf(await this.#reader.late(stream, { span: range, at: placeIn<LatePosition>(after), ...rest }))
    return { letters: await this.#withInclusion(stream, letters), next }
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

  async lateOne(stream: StreamDeclaration, id: Pick<StoredLate, 'eventTime' | 'eventId'>): Promise<StoredLate | null> {
    const letter = await this.#reader.lateOne(stream, id)
    const [found = null] = letter ? await this.#withInclusion(stream, [letter]) : []
    return found
  }

  deadOne(stream: StreamDeclaration, id: Pick<StoredDead, 'day' | 'topic' | 'partition' | 'offset'>): Promise<StoredDead | null> {
    return this.#reader.deadOne(stream, id)
  }

  async #withInclusion(stream: StreamDeclaration, letters: readonly StoredLate[]): Promise<StoredLate[]> {
    const generations = letters.length === 0 ? [] : await this.#generations.list(stream)
    const found = await this.#inclusions.generationsOf(stream, letters, generations)
    return letters.map((letter) => ({ ...letter, includedGeneration: found.get(letter.eventId) ?? null }))
  }
}

const pageOf = <T, K>({ letters, next }: LettersRead<T, K>): LetterPage<T> => ({ letters, next: next && JSON.stringify(next) })

/** Only tokens that this service has signed come here. */
const placeIn = <K>(after: string | null): LetterPlace<K> | null => (after === null ? null : (JSON.parse(after) as LetterPlace<K>))
