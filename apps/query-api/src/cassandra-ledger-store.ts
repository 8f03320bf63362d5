import { CassandraSession, EventCountReader, GenerationStore, StreamStatusReader, type Book } from '@millrace/cassandra'
import type { ReadGeneration, StreamCounts, TimeRange } from '@millrace/rest'
import type { StreamDeclaration, ViewDeclaration } from '@millrace/stream-kit'
import { Injectable } from '@nestjs/common'
import { LedgerStore, type HourBook, type HourEvents, type ViewSpan } from './ledger-store.ts'

@Injectable()
export class CassandraLedgerStore extends LedgerStore {
  readonly #status: StreamStatusReader
  readonly #generations: GenerationStore
  readonly #readers = new WeakMap<ViewDeclaration, EventCountReader>()

  constructor(private readonly session: CassandraSession) {
    super()
    this.#status = new StreamStatusReader(session)
    this.#generations = new GenerationStore(session)
  }

  async books(stream: StreamDeclaration, range: TimeRange): Promise<readonly HourBook[]> {
    return (await this.#status.books(stream, range)).flatMap((book) => (book.hour === null ? [] : [{ hour: book.hour, ...countsOf(book) }]))
  }

  async unreadable(stream: StreamDeclaration): Promise<StreamCounts | null> {
    const book = await this.#status.unreadable(stream)
    return book && countsOf(book)
  }

  async events({ stream, view, range, generations }: ViewSpan & { readonly generations: readonly ReadGeneration[] }): Promise<{ readonly hours: ReadonlyMap<number, HourEvents>; readonly rows: number }> {
    const { hours, rows } = await this.#readerOf(stream, view).byHour({ ...range, served: generations })
    return { rows, hours: new Map([...hours].map(([hour, { events, ttlSeconds }]) => [hour, { events, ttlMs: ttlSeconds * 1_000 }])) }
  }

  async has({ stream, view, range }: ViewSpan, generation: number): Promise<boolean> {
    return this.#readerOf(stream, view).has(generation, range)
  }

  async madeAt(stream: StreamDeclaration, generation: number): Promise<number> {
    const found = (await this.#generations.list(stream)).find((one) => one.generation === generation)
    return found?.createdAt ?? 0
  }

  #readerOf(stream: StreamDeclaration, view: ViewDeclaration): EventCountReader {
    const kept = this.#readers.get(view)
    if (kept) return kept
    const reader = new EventCountReader(this.session, stream, view)
    this.#readers.set(view, reader)
    return reader
  }
}

const countsOf = ({ fetched, fresh, repeated, rejected, late, published }: Book): StreamCounts => ({ fetched, fresh, repeated, rejected, late, published })
