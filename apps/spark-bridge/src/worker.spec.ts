import { describeWorker } from '@millrace/testing'
import { sparkBridgeService } from './spark-bridge.config.ts'
import { SparkBridgeModule } from './spark-bridge.module.ts'
import { Twins } from './twins.fixture.ts'

describeWorker(() => SparkBridgeModule, { ...sparkBridgeService, env: { MILLRACE_SPARK_POLL: '50 milliseconds' }, override: (builder) => new Twins().override(builder) })
