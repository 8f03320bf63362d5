import { DeadLetterStore, type DeadKey, type KeptDeadLetter, type LetterMark, type LetterQuestion, type LettersRead, type StreamName } from '@millrace/cassandra'
import { decodeLetter } from '@millrace/kafka'
import type { TopicRecord } from './in-memory-topics.ts'

const keyOf = ({ day, topic, partition, offset }: DeadKey): string => `${day} ${topic} ${partition} ${offset}`

/** Dead letters as the table keeps them, in the order in which they were added. */
export class InMemoryDeadLetters extends DeadLetterStore {
  readonly rows = new Map<string, KeptDeadLetter>()
  /** How many letters one reading gives. */
  most = 1_000

  /** Stores what lies on a dead-letter topic, as the materializer does. */
  take(topic: string, records: readonly TopicRecord[], receivedAt: number): KeptDeadLetter[] {
    return records.map((record) => {
      const { key, value, reason, detail, origin, run, eventTime = null } = decodeLetter({ ...record, headers: record.headers ?? {} })
      return this.add({ day: new Date(receivedAt).toISOString().slice(0, 10), topic, partition: record.partition, offset: Number(record.offset), key, value, reason, detail, origin: JSON.stringify(origin), run, eventTime, receivedAt, attempts: 0, lastAttempt: null, redriven: null })
    })
  }

  add(letter: KeptDeadLetter): KeptDeadLetter {
    if (!this.rows.has(keyOf(letter))) this.rows.set(keyOf(letter), letter)
    return letter
  }

  override read(_: StreamName, { span, isWanted = () => true, limit, at = null }: LetterQuestion<KeptDeadLetter, DeadKey>): Promise<LettersRead<KeptDeadLetter, DeadKey>> {
    const all = [...this.rows.values()]
    const behind = at?.behind ? keyOf(at.behind) : null
    const from = behind === null ? 0 : all.findIndex((letter) => keyOf(letter) === behind) + 1
    const letters = all.slice(from).filter(({ receivedAt }) => receivedAt >= span.from && receivedAt < span.to).filter(isWanted)
    const page = letters.slice(0, Math.min(limit, this.most))
    const last = page.at(-1)
    return Promise.resolve({ letters: page, next: last && letters.length > page.length ? { day: last.day, behind: last } : null })
  }

  override one(_: StreamName, letter: DeadKey): Promise<KeptDeadLetter | null> {
    return Promise.resolve(this.rows.get(keyOf(letter)) ?? null)
  }

  override mark(_: StreamName, marks: readonly LetterMark[]): Promise<void> {
    for (const mark of marks) {
      const row = this.rows.get(keyOf(mark.letter))
      if (!row) throw new Error(`there is no letter ${keyOf(mark.letter)}`)
      this.rows.set(keyOf(mark.letter), 'redriven' in mark ? { ...row, redriven: mark.redriven } : { ...row, attempts: mark.attempts, lastAttempt: mark.attempt })
    }
    return Promise.resolve()
  }
}
