import { CassandraDeadLetterStore, CassandraKeptPageStore, CassandraPageStore, CassandraRunStore, CassandraSeenStore, CassandraStreamStore, RunStore, StreamStore } from '@millrace/cassandra'
import { RateLimit } from '@millrace/service'
import type { Catalogue } from '@millrace/stream-kit'
import { Module } from '@nestjs/common'
import { ScheduleModule } from '@nestjs/schedule'
import { CATALOGUE, catalogueProvider } from './catalogue.provider.ts'
import { Connections } from './connections.ts'
import { readIngestionSettings } from './ingestion.config.ts'
import { StreamWorkers } from './pipeline/stream-workers.ts'
import { PollSchedule } from './poll-schedule.ts'
import { RedriveController } from './redrive/redrive.controller.ts'
import { RestoreController } from './restore/restore.controller.ts'
import { MaintenanceController } from './runs/maintenance.controller.ts'
import { RunDesk } from './runs/run-desk.ts'
import { RunsController } from './runs/runs.controller.ts'
import { StreamsController } from './runs/streams.controller.ts'
import { sabotaged } from './sabotage/sabotaged.ts'
import { SourceCircuit } from './source/source-circuit.ts'

@Module({
  imports: [ScheduleModule.forRoot()],
  controllers: [RunsController, RedriveController, RestoreController, StreamsController, MaintenanceController],
  providers: [
    catalogueProvider,
    Connections,
    PollSchedule,
    { provide: StreamStore, inject: [Connections], useFactory: ({ cassandra }: Connections) => sabotaged.streams(new CassandraStreamStore(cassandra)) },
    { provide: RunStore, inject: [Connections], useFactory: ({ cassandra }: Connections) => new CassandraRunStore(cassandra) },
    {
      provide: StreamWorkers,
      inject: [CATALOGUE, Connections, StreamStore, RunStore],
      useFactory: (catalogue: Catalogue, { cassandra, kafka, topics, source }: Connections, streams: StreamStore, runs: RunStore) => new StreamWorkers({
        catalogue,
        streams,
        runs,
        pages: sabotaged.pages(new CassandraPageStore(cassandra)),
        seen: new CassandraSeenStore(cassandra),
        kept: new CassandraKeptPageStore(cassandra),
        topics,
        letters: new CassandraDeadLetterStore(cassandra),
        reader: new SourceCircuit(source),
        writerFor: ({ name }) => sabotaged.writer(kafka, `millrace-ingestion-${name}`),
        settings: readIngestionSettings(),
      }),
    },
    {
      provide: RunDesk,
      inject: [CATALOGUE, RunStore, StreamStore, StreamWorkers],
      useFactory: (catalogue: Catalogue, runs: RunStore, streams: StreamStore, workers: StreamWorkers) => new RunDesk({ catalogue, runs, streams, workers, limit: new RateLimit({ count: readIngestionSettings().runsPerMinute, perMs: 60_000, what: 'new runs' }) }),
    },
  ],
})
export class IngestionModule {}
