import { randomBytes } from 'node:crypto'
import { readSettings } from '@millrace/service'
import type { StreamDeclaration } from '@millrace/stream-kit'
import { cassandraSettings } from '../cassandra.config.ts'
import { CassandraSession } from '../cassandra-session.ts'
import { controlTables } from '../control-tables.ts'
import { keyspaceDdl } from '../keyspace-ddl.ts'
import { tableDdl } from '../table-ddl.ts'

/** A keyspace of this run alone, with all tables of a stream, on the Cassandra that the settings name. */
export async function ownKeyspace(stream: StreamDeclaration): Promise<{ session: CassandraSession; drop: () => Promise<void> }> {
  const settings = { ...readSettings(cassandraSettings('admin')), keyspace: `test_${randomBytes(6).toString('hex')}` }
  const maker = await CassandraSession.open(settings, { isImpatient: true, usesKeyspace: false })
  await maker.define(keyspaceDdl(settings))
  await maker.close()
  const session = await CassandraSession.open(settings, { isImpatient: true })
  for (const { cql } of [...controlTables, ...stream.views.flatMap((view) => tableDdl(stream, view))]) await session.define(cql)
  return {
    session,
    drop: async () => {
      await session.define(`DROP KEYSPACE ${settings.keyspace}`)
      await session.close()
    },
  }
}
