import { LetterStore } from '@millrace/cassandra'
import type { Batch } from '@millrace/kafka'
import { streamLabel, type StreamDeclaration } from '@millrace/stream-kit'
import { Injectable } from '@nestjs/common'
import { lettersStored } from './materializer.signals.ts'
import { sortDead, sortLate, type SortedLetters } from './sort-letters.ts'
import { untilStored } from './until-stored.ts'

/** Keeps late events and dead letters; a letter that is read again changes nothing. */
@Injectable()
export class LetterIntake {
  constructor(private readonly letters: LetterStore) {}

  storeLate(stream: StreamDeclaration, batch: Batch): Promise<void> {
    return this.#store(stream, batch, sortLate(batch))
  }

  storeDead(stream: StreamDeclaration, batch: Batch): Promise<void> {
    return this.#store(stream, batch, sortDead(batch))
  }

  async #store(stream: StreamDeclaration, batch: Batch, { late, dead }: SortedLetters): Promise<void> {
    await untilStored(batch, async () => {
      await Promise.all([this.letters.writeLate(stream, late), this.letters.writeDead(stream, dead)])
    })
    const fields = { stream: streamLabel(stream), topic: batch.topic }
    if (late.length > 0) lettersStored({ ...fields, kind: 'late', letters: late.length })
    if (dead.length > 0) lettersStored({ ...fields, kind: 'dead', letters: dead.length })
  }
}
