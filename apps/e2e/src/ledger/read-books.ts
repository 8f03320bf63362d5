import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CassandraSession, StreamStatusReader, type Book } from '@millrace/cassandra'
import { catalogue } from '@millrace/streams'
import type { Line } from '../line/line.ts'

const cassandraPort = 19_042

/** Ingestion's books of a stream, by hour of event time, as they lie in Cassandra: no endpoint shows them. */
export async function readBooks(line: Line, stream: string): Promise<Book[]> {
  const declaration = catalogue.find(stream)
  if (!declaration) throw new Error(`There is no stream '${stream}'.`)
  const session = await CassandraSession.open({
    contactPoints: [`127.0.0.1:${cassandraPort + line.portOffset}`],
    datacenter: 'datacenter1',
    keyspace: 'millrace',
    replicationFactor: 1,
    user: 'millrace_reader',
    password: readFileSync(join(line.state, 'secrets/cassandra-reader'), 'utf8').trim(),
  })
  try {
    return await new StreamStatusReader(session).books(declaration)
  } finally {
    await session.close()
  }
}
