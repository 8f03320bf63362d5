import { CassandraSession, WindowWriter } from '@millrace/cassandra'
import type { StreamDeclaration } from '@millrace/stream-kit'
import { Injectable } from '@nestjs/common'

/** The writer of each stream, which knows its tables and statements. */
@Injectable()
export class WindowWriters {
  readonly #writers = new Map<StreamDeclaration, WindowWriter>()

  constructor(private readonly session: CassandraSession) {}

  of(stream: StreamDeclaration): WindowWriter {
    const writer = this.#writers.get(stream) ?? new WindowWriter(this.session, stream)
    this.#writers.set(stream, writer)
    return writer
  }
}
