import { CassandraSession, SeenReader, type SeenSearch } from '@millrace/cassandra'
import type { StreamDeclaration } from '@millrace/stream-kit'
import { Injectable } from '@nestjs/common'
import { JudgedEvents } from './judged-events.ts'

@Injectable()
export class CassandraJudgedEvents extends JudgedEvents {
  readonly #reader: SeenReader

  constructor(session: CassandraSession) {
    super()
    this.#reader = new SeenReader(session)
  }

  find(stream: StreamDeclaration, id: string, time: number | null): Promise<SeenSearch> {
    return this.#reader.find(stream, id, time)
  }
}
