import type { FieldValue, ReadGeneration, StoredWindow, StreamStatus, TimeRange, ViewRoute } from '@millrace/rest'
import type { StreamDeclaration } from '@millrace/stream-kit'

/** How far the rows of a generation are complete. */
export interface GenerationProgress {
  /** Epoch milliseconds. */
  readonly finalUntil: number
  /** The next event of each partition that is not yet in the rows. */
  readonly stored: Readonly<Record<string, number>>
  readonly storedAt: number
}

export interface WindowRead {
  readonly route: ViewRoute
  readonly group: readonly FieldValue[] | null
  readonly range: TimeRange
  /** Newest first. */
  readonly generations: readonly ReadGeneration[]
  readonly limit: number
  /** `next` of the page before. */
  readonly after: string | null
}

export interface WindowPage {
  readonly rows: readonly StoredWindow[]
  /** Where the next page begins; null after the last. */
  readonly next: string | null
}

/** The windows of all views. Of each window it gives the row of the newest of the generations that has wholly seen it. */
export abstract class WindowStore {
  abstract read(read: WindowRead): Promise<WindowPage>
}

/** The generations of a stream. */
export abstract class GenerationStates {
  /** Those that readers get, newest first. */
  abstract served(stream: StreamDeclaration): Promise<readonly ReadGeneration[]>
  /** Null until everything before a first marker is stored. */
  abstract progress(stream: StreamDeclaration, generation: number): Promise<GenerationProgress | null>
}

/** What ingestion says of a stream; null before its first run. */
export abstract class StreamStates {
  abstract read(stream: StreamDeclaration): Promise<Omit<StreamStatus, 'served'> | null>
}
