import { contentIn, type DeadLetter, type DeadPosition, type LateEvent, type LatePosition } from '../letter-store.ts'
import { maybeNumber, maybeText, numberOf, textOf, type Row } from '../row.ts'

/** What the last redrive that did not succeed has said of a letter. */
export interface RedriveAttempt {
  readonly run: string
  /** Epoch milliseconds. */
  readonly at: number
  readonly reason: string
  readonly detail: string
}

/** A dead letter as it is kept, with what redrives have made of it. */
export interface KeptDeadLetter extends DeadLetter {
  /** `YYYY-MM-DD` in UTC: of its arrival. Part of its key. */
  readonly day: string
  /** How often a redrive has tried it in vain. */
  readonly attempts: number
  readonly lastAttempt: RedriveAttempt | null
  /** The run that has judged it an event, or a known one; null while it is open. */
  readonly redriven: { readonly run: string; readonly at: number } | null
}

/** Where a dead letter lies. */
export type DeadKey = DeadPosition & Pick<KeptDeadLetter, 'day'>

const contentColumns = 'reason, detail, origin, run, value, received_at'
export const lateColumns = `event_time, event_id, ${contentColumns}`
export const deadColumns = `topic, partition, topic_offset, letter_key, event_time, ${contentColumns}, attempts, last_attempt, redriven_run, redriven_at`

/** A mark outlives a letter that nobody has written since: then there is no letter any more. */
export const isLetter = (row: Row): boolean => maybeText(row, 'reason') !== null

export const lateIn = (row: Row): LateEvent => ({ ...lateKeyIn(row), ...contentIn(row) })

export function deadIn(row: Row, day: string): KeptDeadLetter {
  const [attempt, run] = [maybeText(row, 'last_attempt'), maybeText(row, 'redriven_run')]
  return {
    ...deadKeyIn(row, day),
    key: maybeText(row, 'letter_key') ?? '',
    eventTime: maybeNumber(row, 'event_time'),
    ...contentIn(row),
    attempts: maybeNumber(row, 'attempts') ?? 0,
    lastAttempt: attempt === null ? null : (JSON.parse(attempt) as RedriveAttempt),
    redriven: run === null ? null : { run, at: maybeNumber(row, 'redriven_at') ?? 0 },
  }
}

export const lateKeyIn = (row: Row): LatePosition => ({ eventTime: numberOf(row, 'event_time'), eventId: textOf(row, 'event_id') })

export const deadKeyIn = (row: Row, day: string): DeadKey => ({ day, topic: textOf(row, 'topic'), partition: numberOf(row, 'partition'), offset: numberOf(row, 'topic_offset') })
