import type { DeadLetter, LateEvent } from '@millrace/cassandra'
import { decodeLetter, type Batch, type Letter, type ReadRecord } from '@millrace/kafka'

/** A late event of a batch, or a dead letter where it lacks what makes it one. */
export interface SortedLetters {
  readonly late: readonly LateEvent[]
  readonly dead: readonly DeadLetter[]
}

type Batched = Pick<Batch, 'topic' | 'partition' | 'records'>

/** The events of a late topic. One without an id or an event time is kept with the dead letters. */
export function sortLate({ topic, partition, records }: Batched): SortedLetters {
  const late: LateEvent[] = []
  const dead: DeadLetter[] = []
  for (const record of records) {
    const letter = decodeLetter(record)
    if (letter.key !== '' && letter.eventTime !== undefined) late.push({ ...contentOf(letter, record), eventId: letter.key, eventTime: letter.eventTime })
    else dead.push({ ...deadLetter(letter, record, { topic, partition }), reason: 'late-malformed', detail: `A late event lacks its ${letter.key === '' ? 'id' : 'event time'} (${letter.reason}: ${letter.detail})` })
  }
  return { late, dead }
}

/** The letters of a dead-letter topic. */
export const sortDead = ({ topic, partition, records }: Batched): SortedLetters =>
  ({ late: [], dead: records.map((record) => deadLetter(decodeLetter(record), record, { topic, partition })) })

/** A letter about a record of a topic is known by that record, however often it was written; any other by its own place. */
function deadLetter(letter: Letter, record: ReadRecord, { topic, partition }: { topic: string; partition: number }): DeadLetter {
  const { origin } = letter
  const place = 'offset' in origin ? { topic: origin.topic, partition: origin.partition, offset: Number(origin.offset) } : undefined
  const isPlace = place !== undefined && typeof place.topic === 'string' && Number.isSafeInteger(place.partition) && Number.isSafeInteger(place.offset)
  return {
    ...contentOf(letter, record),
    ...(isPlace ? place : { topic, partition, offset: Number(record.offset) }),
    key: letter.key,
    eventTime: letter.eventTime ?? null,
  }
}

const contentOf = ({ reason, detail, origin, run, value }: Letter, { timestamp }: ReadRecord) => ({ reason, detail, origin: JSON.stringify(origin), run, value, receivedAt: timestamp })
