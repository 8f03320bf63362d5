import { Module } from '@nestjs/common'
import { AwaitAggregatedController } from './await-aggregated.controller.ts'
import { catalogueProvider } from './catalogue.provider.ts'
import { Connections, queryServer, sparkSession, stores, supervisor, topicAdmin, topicWriter, writerSession } from './connections.ts'
import { QueriesController } from './queries.controller.ts'

/** Keeps one Spark query a stream running, for all its views. */
@Module({
  controllers: [QueriesController, AwaitAggregatedController],
  providers: [catalogueProvider, sparkSession, queryServer, writerSession, ...stores, topicAdmin, topicWriter, supervisor, Connections],
})
export class SparkBridgeModule {}
