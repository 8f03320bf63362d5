import type { StoredDead, StoredLate } from '@millrace/rest'
import { streamLabel, type StreamDeclaration } from '@millrace/stream-kit'
import type { Twins } from '../stores.fixture.ts'
import { KeptLetters, type CountedLetter, type CountsAsked, type LetterPage, type LettersAsked } from './kept-letters.ts'

/** Letters in memory, in the order in which a test has put them there. */
export class TwinLetters extends KeptLetters {
  constructor(private readonly twins: Twins) {
    super()
  }

  late(asked: LettersAsked<StoredLate>): Promise<LetterPage<StoredLate>> {
    return this.#page(this.#lates(asked), asked)
  }

  dead(asked: LettersAsked<StoredDead>): Promise<LetterPage<StoredDead>> {
    return this.#page(this.#deads(asked), asked)
  }

  lateReasons(asked: CountsAsked): Promise<LetterPage<CountedLetter>> {
    return this.#page(this.#lates(asked).map(({ reason }) => ({ reason, isRedriven: false })), { ...asked, limit: 3, isWanted: () => true })
  }

  deadReasons(asked: CountsAsked): Promise<LetterPage<CountedLetter>> {
    return this.#page(this.#deads(asked).map(({ reason, redriven }) => ({ reason, isRedriven: redriven !== null })), { ...asked, limit: 3, isWanted: () => true })
  }

  async lateOne(stream: StreamDeclaration, { eventTime, eventId }: Pick<StoredLate, 'eventTime' | 'eventId'>): Promise<StoredLate | null> {
    await this.twins.reading()
    return (this.twins.late[streamLabel(stream)] ?? []).find((letter) => letter.eventId === eventId && letter.eventTime === eventTime) ?? null
  }

  async deadOne(stream: StreamDeclaration, { day, topic, partition, offset }: Pick<StoredDead, 'day' | 'topic' | 'partition' | 'offset'>): Promise<StoredDead | null> {
    await this.twins.reading()
    return (this.twins.dead[streamLabel(stream)] ?? []).find((letter) => letter.day === day && letter.topic === topic && letter.partition === partition && letter.offset === offset) ?? null
  }

  #lates({ stream, range }: CountsAsked): StoredLate[] {
    return (this.twins.late[streamLabel(stream)] ?? []).filter(({ eventTime }) => eventTime >= range.from && eventTime < range.to)
  }

  #deads({ stream, range }: CountsAsked): StoredDead[] {
    return (this.twins.dead[streamLabel(stream)] ?? []).filter(({ receivedAt }) => receivedAt >= range.from && receivedAt < range.to)
  }

  async #page<T>(all: readonly T[], { isWanted, limit, after }: Pick<LettersAsked<T>, 'isWanted' | 'limit' | 'after'>): Promise<LetterPage<T>> {
    await this.twins.reading()
    const from = Number(after ?? 0)
    const wanted = all.filter(isWanted)
    return { letters: wanted.slice(from, from + limit), next: wanted.length > from + limit ? String(from + limit) : null }
  }
}
