import { CassandraSession, GenerationStore, ProgressStore, StreamStatusReader, WindowReader, type ReadWindow, type WindowPosition } from '@millrace/cassandra'
import type { FieldValue, ReadGeneration, StoredWindow, StreamStatus, ViewRoute } from '@millrace/rest'
import type { StreamDeclaration, ViewDeclaration } from '@millrace/stream-kit'
import { Injectable } from '@nestjs/common'
import { GenerationStates, StreamStates, WindowStore, type GenerationProgress, type WindowPage, type WindowRead } from './stores.ts'

/** Keeps one reader a view: it holds the view's statements. */
@Injectable()
export class CassandraWindowStore extends WindowStore {
  readonly #readers = new WeakMap<ViewDeclaration, WindowReader>()

  constructor(private readonly session: CassandraSession) {
    super()
  }

  async read({ route, group, range, generations, limit, after }: WindowRead): Promise<WindowPage> {
    const reader = this.#readerOf(route)
    const asked = { ...range, limit, served: generations, after: after === null ? null : (JSON.parse(after) as WindowPosition) }
    const { windows, next } = group === null ? await reader.byTime(asked) : await reader.byGroup(group.map(String), asked)
    return { rows: windows.map((window) => storedWindow(route, window)), next: next === null ? null : JSON.stringify(next) }
  }

  #readerOf({ stream, view }: ViewRoute): WindowReader {
    const kept = this.#readers.get(view)
    if (kept) return kept
    const reader = new WindowReader(this.session, stream, view)
    this.#readers.set(view, reader)
    return reader
  }
}

const storedWindow = ({ groupFields }: ViewRoute, { group, windowStart, windowEnd, ...rest }: ReadWindow): StoredWindow =>
  ({ ...rest, start: windowStart, end: windowEnd, group: groupFields.map(({ name }): FieldValue => group[name] ?? '') })

@Injectable()
export class CassandraGenerationStates extends GenerationStates {
  readonly #generations: GenerationStore
  readonly #progress: ProgressStore

  constructor(session: CassandraSession) {
    super()
    this.#generations = new GenerationStore(session)
    this.#progress = new ProgressStore(session)
  }

  async served(stream: StreamDeclaration): Promise<readonly ReadGeneration[]> {
    return this.#generations.served(stream)
  }

  async progress(stream: StreamDeclaration, generation: number): Promise<GenerationProgress | null> {
    const progress = await this.#progress.read(stream, generation)
    return progress === undefined ? null : { finalUntil: progress.finalUntil, stored: progress.offsets, storedAt: progress.updatedAt }
  }
}

@Injectable()
export class CassandraStreamStates extends StreamStates {
  readonly #status: StreamStatusReader

  constructor(session: CassandraSession) {
    super()
    this.#status = new StreamStatusReader(session)
  }

  async read(stream: StreamDeclaration): Promise<Omit<StreamStatus, 'served'> | null> {
    const status = await this.#status.read(stream)
    return status === undefined ? null : { highestEventTime: status.highest, watermark: status.watermark, isPaused: status.isPaused, counts: status.totals, published: status.publishedOffsets }
  }
}
