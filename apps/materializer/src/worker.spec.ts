import { describeWorker } from '@millrace/testing'
import { materializerService } from './materializer.config.ts'
import { MaterializerModule } from './materializer.module.ts'
import { Twins } from './stores.fixture.ts'

describeWorker(() => MaterializerModule, { ...materializerService, override: (builder) => new Twins().override(builder) })
