import { Module } from '@nestjs/common'
import { AwaitAggregatedController } from './await-aggregated.controller.ts'
import { catalogueProvider } from './catalogue.provider.ts'
import { checkpointFolders, Connections, maintenance, queryServer, recountDesk, recountQueue, recountStore, requestKeys, servedTables, sparkSession, stores, supervisor, topicAdmin, topicWriter, windowCounter, writerSession } from './connections.ts'
import { MaintenanceController } from './maintenance/maintenance.controller.ts'
import { QueriesController } from './queries.controller.ts'
import { RecountsController } from './recounts/recounts.controller.ts'
import { replayProviders } from './replays/replay-providers.ts'
import { ReplaysController } from './replays/replays.controller.ts'

/** Keeps one Spark query a stream running, for all its views, and recounts what they have written. */
@Module({
  controllers: [QueriesController, AwaitAggregatedController, RecountsController, ReplaysController, MaintenanceController],
  providers: [
    catalogueProvider, sparkSession, queryServer, writerSession, ...stores, topicAdmin, topicWriter, supervisor,
    recountStore, requestKeys, servedTables, windowCounter, recountQueue, recountDesk, checkpointFolders, ...replayProviders, maintenance, Connections,
  ],
})
export class SparkBridgeModule {}
