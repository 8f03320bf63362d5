import { runService } from '@millrace/service'
import { materializerService } from './materializer.config.ts'
import { MaterializerModule } from './materializer.module.ts'

await runService(MaterializerModule, materializerService)
