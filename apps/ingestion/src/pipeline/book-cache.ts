import type { Counts, StreamStore } from '@millrace/cassandra'
import { noCounts } from '@millrace/cassandra'
import type { StreamDeclaration } from '@millrace/stream-kit'
import { addCounts, type BookChanges } from '../rules/books.ts'

const mostBooks = 5_000

/** The books of a stream as its holder knows them: only the holder changes them, so what was read once stays right. */
export class BookCache {
  readonly #stream: StreamDeclaration
  readonly #streams: StreamStore
  #books = new Map<string, Counts>()

  constructor(stream: StreamDeclaration, streams: StreamStore) {
    this.#stream = stream
    this.#streams = streams
  }

  async read(names: readonly string[]): Promise<ReadonlyMap<string, Counts>> {
    if (this.#books.size > mostBooks) this.clear()
    const missing = names.filter((name) => !this.#books.has(name))
    if (missing.length > 0) for (const [name, counts] of await this.#streams.books(this.#stream, missing)) this.#books.set(name, counts)
    return this.#books
  }

  /** After the move that carried the changes. */
  moved(changes: BookChanges): void {
    for (const [name, change] of changes) this.#books.set(name, addCounts(this.#books.get(name) ?? noCounts, change))
  }

  clear(): void {
    this.#books = new Map()
  }
}
