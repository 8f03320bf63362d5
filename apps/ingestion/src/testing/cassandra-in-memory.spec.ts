import { describe } from '@jest/globals'
import { CassandraKeptPageStore, CassandraPageStore, CassandraRunStore, CassandraSeenStore, CassandraStreamStore, controlTables, InMemoryCassandra, inMemorySession } from '@millrace/cassandra'
import { describeStores } from './describe-stores.ts'

/** The simulation's database is held to what the real one is. */
describe('the stores of Cassandra over a node in memory', () => {
  const session = inMemorySession(new InMemoryCassandra(controlTables))
  const stores = { streams: new CassandraStreamStore(session), pages: new CassandraPageStore(session), seen: new CassandraSeenStore(session), runs: new CassandraRunStore(session), kept: new CassandraKeptPageStore(session) }

  describeStores(() => stores)
})
