import { noCounts, type Counts, type RedriveReport, type RunRange } from '@millrace/cassandra'
import type { StreamDeclaration } from '@millrace/stream-kit'
import type { RedrivePlace } from '../redrive/letter-pages.ts'
import { firstPosition, type Place, type Position } from './position.ts'
import { seenBucketMs } from './time-bucket.ts'

/** The run in hand, so that it goes on where it was after a crash. */
export interface RunProgress {
  readonly id: string
  readonly counts: Counts
  readonly isDone: boolean
  /** The next page of a backfill; a pull's is the stream's own. */
  readonly page?: number
  /** How far a redrive has come, null at its end, and what it has found. */
  readonly redrive?: { readonly place: RedrivePlace | null; readonly report: RedriveReport }
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

/** Where a run goes on: a backfill in its own range, a pull at the stream's cursor. */
export function placeOf({ id, range }: { readonly id: string; readonly range: RunRange | null }, { cursor, page, greatest, run }: Progress): Place {
  if (range === null) return { cursor, page, greatest }
  return { range, page: run?.id === id ? (run.page ?? 0) : 0 }
}

/** The progress when a run has come to a place. That of a backfill leaves cursor, page and greatest as they are. */
export function progressAt(progress: Progress, place: Place, run: string): Progress {
  if (!('range' in place)) return { ...progress, ...place }
  const before = progress.run?.id === run ? progress.run : { id: run, counts: noCounts, isDone: false }
  return { ...progress, run: { ...before, page: place.page } }
}
