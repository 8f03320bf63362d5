import { runService } from '@millrace/service'
import { QueryApiModule } from './query-api.module.ts'
import { queryApiService } from './query-api.config.ts'

await runService(QueryApiModule, queryApiService)
