import { randomBytes } from 'node:crypto'
import { CassandraSession, cassandraSettings, controlTables, keyspaceDdl, tableDdl } from '@millrace/cassandra'
import { readSettings } from '@millrace/service'
import type { StreamDeclaration } from '@millrace/stream-kit'

/** A keyspace of this run alone, with the platform's tables and those of the streams, on the Cassandra that the settings name. */
export async function ownKeyspace(...streams: StreamDeclaration[]): Promise<{ session: CassandraSession; drop: () => Promise<void> }> {
  const settings = { ...readSettings(cassandraSettings('admin')), keyspace: `test_${randomBytes(6).toString('hex')}` }
  const maker = await CassandraSession.open(settings, { isImpatient: true, usesKeyspace: false })
  await maker.define(keyspaceDdl(settings))
  await maker.close()
  const session = await CassandraSession.open(settings, { isImpatient: true })
  const tables = streams.flatMap((stream) => stream.views.flatMap((view) => tableDdl(stream, view)))
  for (const { cql } of [...controlTables, ...tables]) await session.define(cql)
  return {
    session,
    drop: async () => {
      await session.define(`DROP KEYSPACE ${settings.keyspace}`)
      await session.close()
    },
  }
}
