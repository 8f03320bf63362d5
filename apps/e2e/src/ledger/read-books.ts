import { StreamStatusReader, type Book } from '@millrace/cassandra'
import { catalogue } from '@millrace/streams'
import type { Line } from '../line/line.ts'
import { withCassandra } from '../line/with-cassandra.ts'

/** Ingestion's books of a stream, by hour of event time, as they lie in Cassandra. */
export function readBooks(line: Line, stream: string): Promise<Book[]> {
  const declaration = catalogue.find(stream)
  if (!declaration) throw new Error(`There is no stream '${stream}'.`)
  return withCassandra(line, 'reader', (session) => new StreamStatusReader(session).books(declaration))
}
