import { runService } from '@millrace/service'
import { SimulatorModule } from './simulator.module.ts'

await runService(SimulatorModule, { name: 'source-simulator', port: { env: 'MILLRACE_SOURCE_SIMULATOR_PORT', default: 13009 } })
