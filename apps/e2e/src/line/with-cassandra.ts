import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CassandraSession } from '@millrace/cassandra'
import type { Line } from './line.ts'

/** Does something with a session of one of the line's roles, and closes it. For what no endpoint shows or does. */
export async function withCassandra<T>(line: Line, role: 'reader' | 'writer', work: (session: CassandraSession) => Promise<T>): Promise<T> {
  const session = await CassandraSession.open({
    contactPoints: [await line.cassandra()],
    datacenter: 'datacenter1',
    keyspace: 'millrace',
    replicationFactor: 1,
    user: `millrace_${role}`,
    password: readFileSync(join(line.state, `secrets/cassandra-${role}`), 'utf8').trim(),
  })
  try {
    return await work(session)
  } finally {
    await session.close()
  }
}
