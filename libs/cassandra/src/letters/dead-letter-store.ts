import type { StreamDeclaration } from '@millrace/stream-kit'
import type { CassandraSession } from '../cassandra-session.ts'
import { inTurns } from '../in-turns.ts'
import type { DeadKey, KeptDeadLetter, RedriveAttempt } from './kept-letter.ts'
import { LetterReader, type LetterQuestion } from './letter-reader.ts'
import type { LettersRead } from './read-letters.ts'

/** What a redrive has made of a dead letter that it had been tried `before` so often in vain. Absolute, so that marking it again changes nothing. */
export type LetterMark =
  | { readonly letter: DeadKey; readonly eventId: string | null; readonly before: number; readonly redriven: { readonly run: string; readonly at: number } }
  | { readonly letter: DeadKey; readonly eventId: string | null; readonly before: number; readonly attempts: number; readonly attempt: RedriveAttempt }

type Kept = Pick<StreamDeclaration, 'name' | 'version' | 'retentionMs'>

/** The dead letters as a redrive reads and marks them. */
export abstract class DeadLetterStore {
  abstract read(stream: Kept, question: LetterQuestion<KeptDeadLetter, DeadKey>): Promise<LettersRead<KeptDeadLetter, DeadKey>>
  /** Null where it is not kept. */
  abstract one(stream: Kept, letter: DeadKey): Promise<KeptDeadLetter | null>
  /** Resolves when all marks are kept. */
  abstract mark(stream: Kept, marks: readonly LetterMark[]): Promise<void>
}

const where = 'WHERE stream = ? AND version = ? AND day = ? AND topic = ? AND partition = ? AND topic_offset = ?'
const redriven = `UPDATE dead_letters USING TTL ? SET redriven_run = ?, redriven_at = ? ${where}`
const tried = `UPDATE dead_letters USING TTL ? SET attempts = ?, last_attempt = ? ${where}`
const atOnce = 16

/** A mark lives as long as a letter may from now on: never shorter than its letter. */
const ttlOf = ({ retentionMs }: Kept): number => Math.ceil(retentionMs / 1_000) + 7 * 86_400

export class CassandraDeadLetterStore extends DeadLetterStore {
  readonly #reader: LetterReader

  constructor(private readonly session: CassandraSession) {
    super()
    this.#reader = new LetterReader(session)
  }

  override read(stream: Kept, question: LetterQuestion<KeptDeadLetter, DeadKey>): Promise<LettersRead<KeptDeadLetter, DeadKey>> {
    return this.#reader.dead(stream, question)
  }

  override one(stream: Kept, letter: DeadKey): Promise<KeptDeadLetter | null> {
    return this.#reader.deadOne(stream, letter)
  }

  override async mark(stream: Kept, marks: readonly LetterMark[]): Promise<void> {
    const action = `marking dead letters of ${stream.name}`
    await inTurns(marks, atOnce, async (mark) => {
      const { day, topic, partition, offset } = mark.letter
      const key = [stream.name, stream.version, day, topic, partition, offset]
      if ('redriven' in mark) await this.session.execute(redriven, [ttlOf(stream), mark.redriven.run, mark.redriven.at, ...key], { action })
      else await this.session.execute(tried, [ttlOf(stream), mark.attempts, JSON.stringify(mark.attempt), ...key], { action })
    })
  }
}
