import type { DeadLetterStore, KeptPageStore, PageStore, RunStore, SeenStore, StreamStore } from '@millrace/cassandra'
import type { TopicAdmin, TopicWriter } from '@millrace/kafka'
import type { Clock } from '@millrace/service'
import { streamLabel, type Catalogue, type StreamDeclaration } from '@millrace/stream-kit'
import { eventValidator } from '../rules/event-validator.ts'
import type { SourceReader } from '../source/source-reader.ts'
import { StreamRedrive } from '../redrive/stream-redrive.ts'
import { StreamRestore } from '../restore/stream-restore.ts'
import { PagePipeline } from './page-pipeline.ts'
import { StreamHold } from './stream-hold.ts'
import { StreamPull } from './stream-pull.ts'
import { StreamWorker } from './stream-worker.ts'

export interface StreamWorkersOptions {
  readonly catalogue: Catalogue
  readonly streams: StreamStore
  readonly pages: PageStore
  readonly seen: SeenStore
  readonly runs: RunStore
  /** What redrives read and mark. */
  readonly letters?: DeadLetterStore
  /** What a topic that was made anew is restored from; without it nothing is kept. */
  readonly kept?: KeptPageStore
  /** Looked at, and emptied by a restore. */
  readonly topics?: Pick<TopicAdmin, 'endOffsets' | 'removeBefore' | 'readRange'>
  readonly reader: SourceReader
  /** A writer for each stream, so that none waits for another's sends. */
  readonly writerFor: (stream: StreamDeclaration) => Pick<TopicWriter, 'send' | 'close'>
  readonly settings: { readonly instance: string; readonly lease: number; readonly outage: number; readonly seenIds: number; readonly pagesKept?: number }
  readonly clock?: Clock
}

/** The workers of all streams. */
export class StreamWorkers {
  readonly #workers: ReadonlyMap<string, StreamWorker>
  readonly #writers: Pick<TopicWriter, 'close'>[] = []

  constructor(options: StreamWorkersOptions) {
    this.#workers = new Map(options.catalogue.streams.map((stream) => [streamLabel(stream), this.#worker(stream, options)]))
  }

  get(stream: Pick<StreamDeclaration, 'name' | 'version'>): StreamWorker | undefined {
    return this.#workers.get(streamLabel(stream))
  }

  [Symbol.iterator](): IterableIterator<StreamWorker> {
    return this.#workers.values()
  }

  /** A mistake in the program ends the process, like any other that nobody handles. */
  start(): void {
    for (const worker of this) void worker.start()
  }

  /** Pages in hand are finished, leases and connections let go. */
  async stop(): Promise<void> {
    const results = await Promise.allSettled([...this].map((worker) => worker.stop()))
    await Promise.all(this.#writers.map((writer) => writer.close()))
    for (const result of results) if (result.status === 'rejected') throw result.reason
  }

  #worker(stream: StreamDeclaration, { streams, pages, seen, runs, letters, kept, topics, reader, writerFor, settings, clock }: StreamWorkersOptions): StreamWorker {
    const time = clock === undefined ? {} : { clock }
    const writer = writerFor(stream)
    this.#writers.push(writer)
    const hold = new StreamHold({ stream, streams, pages, instance: settings.instance, leaseMs: settings.lease, ...time })
    const pipeline = new PagePipeline({ stream, hold, streams, pages, seen, writer, keptSeconds: keptSeconds(stream, settings), ...(kept && { kept }), ...(topics && { topics }), ...(letters && { letters }) })
    const shared = { stream, hold, pipeline, streams, seen, validate: eventValidator(stream), seenCapacity: settings.seenIds, ...time }
    const pull = new StreamPull({ ...shared, reader })
    const redrive = letters && new StreamRedrive({ ...shared, letters })
    const restore = kept && topics && new StreamRestore({ stream, hold, streams, pages, kept, topics, writer })
    return new StreamWorker({ stream, hold, pipeline, pull, ...(redrive && { redrive }), ...(restore && { restore }), streams, runs, outageMs: settings.outage, ...time })
  }
}

/** Not longer than the topic keeps its events: it would not have them either. */
const keptSeconds = ({ retentionMs }: StreamDeclaration, { pagesKept = 0 }: StreamWorkersOptions['settings']): number => Math.ceil(Math.min(pagesKept, retentionMs) / 1_000)
