import { describeWorker } from '@millrace/testing'
import { QueryApiModule } from './query-api.module.ts'
import { Twins } from './stores.fixture.ts'

describeWorker(() => QueryApiModule, { name: 'query-api', override: new Twins().override })
