import { runService } from '@millrace/service'
import { sparkBridgeService } from './spark-bridge.config.ts'
import { SparkBridgeModule } from './spark-bridge.module.ts'

await runService(SparkBridgeModule, sparkBridgeService)
