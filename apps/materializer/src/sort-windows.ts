import { CassandraError, type DeadLetter, type StoredWindow, type WindowRow } from '@millrace/cassandra'
import { decodeWindowTopicRecord, type Batch, type ProgressMarker, type ReadRecord } from '@millrace/kafka'
import { streamLabel, type StreamDeclaration } from '@millrace/stream-kit'

/** What a batch of a windows topic holds. */
export interface SortedWindows {
  readonly rows: readonly WindowRow[]
  /** The record of each row, as a letter: for a row that Cassandra itself refuses. */
  readonly letterOf: (row: WindowRow, detail: string) => DeadLetter
  readonly refused: readonly DeadLetter[]
  /** The furthest marker of each generation: it says what the others say, and more. It need not be the last: one that was given up may be appended after the next. */
  readonly markers: readonly ProgressMarker[]
}

/** The reason of a dead letter that held a window, or was meant to. */
export type RefusedReason = 'window-malformed' | 'window-refused' | 'marker-refused'

/** Sorts a batch. Nothing in a record can make it throw: what cannot become a row is a dead letter that says why. */
export function sortWindows({ topic, partition, records }: Pick<Batch, 'topic' | 'partition' | 'records'>, stream: StreamDeclaration, rowOf: (window: StoredWindow) => WindowRow): SortedWindows {
  const rows: WindowRow[] = []
  const recordOf = new Map<WindowRow, ReadRecord>()
  const refused: DeadLetter[] = []
  const markers = new Map<number, ProgressMarker>()
  const refuse = (record: ReadRecord, reason: RefusedReason, detail: string): void => {
    refused.push(letterOf(record, { topic, partition, reason, detail }))
  }
  for (const record of records) {
    const content = decodeWindowTopicRecord(record.value)
    if (content.kind === 'malformed') refuse(record, 'window-malformed', content.problem)
    else if (content.kind === 'marker') {
      const { marker } = content
      const other = markers.get(marker.generation)
      if (marker.stream === stream.name && marker.version === stream.version) markers.set(marker.generation, other && eventsBehind(other) > eventsBehind(marker) ? other : marker)
      else refuse(record, 'marker-refused', `It is of ${marker.stream}.v${marker.version} in the topic of ${streamLabel(stream)}.`)
    } else {
      try {
        const row = rowOf(content.window)
        rows.push(row)
        recordOf.set(row, record)
      } catch (error) {
        if (!(error instanceof CassandraError && error.code === 'cassandra_window_refused')) throw error
        refuse(record, 'window-refused', error.message)
      }
    }
  }
  return {
    rows, refused, markers: [...markers.values()],
    letterOf: (row, detail) => {
      const record = recordOf.get(row)
      if (!record) throw new Error(`The row ${row.key} is of another batch.`)
      return letterOf(record, { topic, partition, reason: 'window-refused', detail })
    },
  }
}

/** How many events a marker stands for: what tells markers apart in the table of progress, too. */
const eventsBehind = ({ offsets }: ProgressMarker): number => Object.values(offsets).reduce((sum, offset) => sum + Number(offset), 0)

interface Refusal {
  readonly topic: string
  readonly partition: number
  readonly reason: RefusedReason
  readonly detail: string
}

const letterOf = ({ offset, key, value, timestamp }: ReadRecord, { topic, partition, reason, detail }: Refusal): DeadLetter => ({
  topic,
  partition,
  offset: Number(offset),
  key: key?.toString() ?? '',
  reason,
  detail,
  origin: JSON.stringify({ topic, partition, offset: offset.toString() }),
  eventTime: null,
  run: '',
  value: value ?? Buffer.alloc(0),
  receivedAt: timestamp,
})
