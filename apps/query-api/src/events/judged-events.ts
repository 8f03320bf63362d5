import type { SeenSearch } from '@millrace/cassandra'
import type { StreamDeclaration } from '@millrace/stream-kit'

/** The events that ingestion has judged, by their id. */
export abstract class JudgedEvents {
  abstract find(stream: StreamDeclaration, id: string, time: number | null): Promise<SeenSearch>
}
