import { runService } from '@millrace/service'
import { ingestionPort } from './ingestion.config.ts'
import { IngestionModule } from './ingestion.module.ts'

await runService(IngestionModule, { name: 'ingestion', port: ingestionPort })
