import { afterAll, beforeAll } from '@jest/globals'
import { CassandraRecountStore, CassandraRequestKeys } from '@millrace/cassandra'
import { configureLog } from '@millrace/observability'
import { ownKeyspace } from '../own-keyspace.fixture.ts'
import { describeRecountStore, type RecountStores } from './describe-recount-store.ts'

configureLog({ app: 'spec', level: 'error' })

let stores: RecountStores
let drop: () => Promise<void>
beforeAll(async () => {
  const own = await ownKeyspace()
  stores = { recounts: new CassandraRecountStore(own.session), keys: new CassandraRequestKeys(own.session, 'recount') }
  drop = own.drop
})
afterAll(async () => { await drop() })

describeRecountStore(() => stores)
