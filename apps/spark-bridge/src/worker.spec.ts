import { fileURLToPath } from 'node:url'
import { describeWorker } from '@millrace/testing'
import { sparkBridgeService } from './spark-bridge.config.ts'
import { SparkBridgeModule } from './spark-bridge.module.ts'
import { Twins } from './twins.fixture.ts'

/** Any file serves as a token: no server is asked. */
const tokenFile = fileURLToPath(import.meta.url)

describeWorker(() => SparkBridgeModule, { ...sparkBridgeService, env: { MILLRACE_SPARK_POLL: '50 milliseconds', MILLRACE_SPARK_CONNECT_TOKEN_FILE: tokenFile }, override: (builder) => new Twins().override(builder) })
