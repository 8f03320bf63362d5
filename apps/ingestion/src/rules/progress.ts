import type { Counts } from '@millrace/cassandra'
import type { StreamDeclaration } from '@millrace/stream-kit'
import { firstPosition, type Position } from './position.ts'
import { seenBucketMs } from './time-bucket.ts'

/** The run in hand, so that it goes on where it was after a crash. */
export interface RunProgress {
  readonly id: string
  readonly counts: Counts
  readonly isDone: boolean
}

/** What ingestion keeps of a stream as JSON beside the columns: `{"cursor":{…},"page":0,"greatest":{…},"run":null,"seenBucketMs":3600000}`. */
export interface Progress extends Position {
  /** Null while the stream is pulled by itself: only triggered runs are resources. */
  readonly run: RunProgress | null
  readonly seenBucketMs: number
}

/** The progress in the column, or that of a stream that has never been ingested. */
export function progressOf(stream: StreamDeclaration, column: string | null): Progress {
  return column === null ? { ...firstPosition(stream.source), run: null, seenBucketMs: seenBucketMs(stream) } : (JSON.parse(column) as Progress)
}
