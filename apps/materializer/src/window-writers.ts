import { CassandraSession, WindowWriter } from '@millrace/cassandra'
import { isSabotaged } from '@millrace/service'
import type { StreamDeclaration } from '@millrace/stream-kit'
import { Injectable } from '@nestjs/common'
import { wallClockSession } from './sabotage/wall-clock-session.ts'

/** The writer of each stream, which knows its tables and statements. */
@Injectable()
export class WindowWriters {
  readonly #writers = new Map<StreamDeclaration, WindowWriter>()

  readonly #session: Pick<CassandraSession, 'batch'>

  constructor(session: CassandraSession) {
    this.#session = isSabotaged('version-timestamp-off') ? wallClockSession(session) : session
  }

  of(stream: StreamDeclaration): WindowWriter {
    const writer = this.#writers.get(stream) ?? new WindowWriter(this.#session, stream)
    this.#writers.set(stream, writer)
    return writer
  }
}
