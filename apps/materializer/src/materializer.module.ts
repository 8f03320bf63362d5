import { CassandraSession, GenerationStore, LetterStore, LetterSweep, ProgressStore, StreamStatusReader } from '@millrace/cassandra'
import type { Catalogue } from '@millrace/stream-kit'
import { Module } from '@nestjs/common'
import { AwaitStoredController } from './await-stored.controller.ts'
import { BatchTransport } from './batch-transport.ts'
import { BatchesController } from './batches.controller.ts'
import { CATALOGUE, catalogueProvider } from './catalogue.provider.ts'
import { batchSource, Connections, writerSession } from './connections.ts'
import { LetterIntake } from './letter-intake.ts'
import { MaintenanceController } from './maintenance.controller.ts'
import { RefusedWindows } from './refused-windows.ts'
import { TopicRoutes } from './topic-routes.ts'
import { WindowIntake } from './window-intake.ts'
import { WindowWriters } from './window-writers.ts'

/** Windows, late events and dead letters from Kafka into Cassandra. */
@Module({
  controllers: [BatchesController, AwaitStoredController, MaintenanceController],
  providers: [
    catalogueProvider,
    writerSession,
    batchSource,
    Connections,
    { provide: TopicRoutes, inject: [CATALOGUE], useFactory: (catalogue: Catalogue) => new TopicRoutes(catalogue) },
    ...[GenerationStore, ProgressStore, StreamStatusReader, LetterStore, LetterSweep].map((store) => ({ provide: store, inject: [CassandraSession], useFactory: (session: CassandraSession) => new store(session) })),
    WindowWriters,
    WindowIntake,
    LetterIntake,
    RefusedWindows,
    BatchTransport,
  ],
})
export class MaterializerModule {}
