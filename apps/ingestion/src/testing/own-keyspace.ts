import { randomBytes } from 'node:crypto'
import { CassandraKeptPageStore, CassandraPageStore, CassandraRunStore, CassandraSeenStore, CassandraSession, cassandraSettings, CassandraStreamStore, ingestionTables, keyspaceDdl, storeTables } from '@millrace/cassandra'
import { readSettings } from '@millrace/service'
import type { Stores } from './describe-stores.ts'

export interface OwnKeyspace {
  readonly session: CassandraSession
  readonly stores: Stores
  /** Stores on a session of their own, as another process has them. */
  readonly another: () => Promise<{ stores: Stores; close: () => Promise<void> }>
  readonly drop: () => Promise<void>
}

/** A keyspace of this run alone with the tables that ingestion uses, on the Cassandra that the settings name. */
export async function ownKeyspace(): Promise<OwnKeyspace> {
  const settings = { ...readSettings(cassandraSettings('admin')), keyspace: `test_${randomBytes(6).toString('hex')}` }
  const maker = await CassandraSession.open(settings, { isImpatient: true, usesKeyspace: false })
  await maker.define(keyspaceDdl(settings))
  await maker.close()
  const session = await CassandraSession.open(settings, { isImpatient: true })
  const names = new Set(['streams', 'dead_letters', ...ingestionTables.map(({ name }) => name)])
  for (const { cql } of [...storeTables.filter(({ name }) => names.has(name)), ...ingestionTables]) await session.define(cql)
  return {
    session,
    stores: storesOn(session),
    another: async () => {
      const other = await CassandraSession.open(settings, { isImpatient: true })
      return { stores: storesOn(other), close: () => other.close() }
    },
    drop: async () => {
      await session.define(`DROP KEYSPACE ${settings.keyspace}`)
      await session.close()
    },
  }
}

const storesOn = (session: CassandraSession): Stores => ({
  streams: new CassandraStreamStore(session),
  pages: new CassandraPageStore(session),
  seen: new CassandraSeenStore(session),
  runs: new CassandraRunStore(session),
  kept: new CassandraKeptPageStore(session),
})
