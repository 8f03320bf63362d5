import { resolve } from 'node:path'
import { CassandraSession, cassandraSettings, GenerationStore, LetterStore, ProgressStore, StreamStatusReader } from '@millrace/cassandra'
import { kafkaSettings, TopicAdmin, TopicWriter } from '@millrace/kafka'
import { Health, readSettings } from '@millrace/service'
import { SparkSession, sparkSettings } from '@millrace/spark-connect'
import type { Catalogue } from '@millrace/stream-kit'
import { Injectable, type FactoryProvider, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common'
import { CATALOGUE } from './catalogue.provider.ts'
import { QueryServer } from './ports.ts'
import { showQueries } from './query-metrics.ts'
import { queryViews } from './query-view.ts'
import { sparkBridgeSettings } from './spark-bridge.config.ts'
import { SparkQueries } from './spark-queries.ts'
import { Supervisor } from './supervise/supervisor.ts'

export const sparkSession: FactoryProvider<SparkSession> = {
  provide: SparkSession,
  useFactory: () => {
    const { url, token, session } = readSettings(sparkSettings)
    return SparkSession.open({ url, token }, { name: session })
  },
}

export const queryServer: FactoryProvider<QueryServer> = { provide: QueryServer, inject: [SparkSession], useFactory: (session: SparkSession) => new SparkQueries(session) }

/** A Cassandra that stands still must not keep the rounds from looking after queries. */
const requestTimeoutMs = 3_000

/** Connects in the background. */
export const writerSession: FactoryProvider<CassandraSession> = {
  provide: CassandraSession,
  useFactory: () => CassandraSession.connect(readSettings(cassandraSettings('writer')), { requestTimeoutMs }),
}

export const stores: FactoryProvider[] = [GenerationStore, ProgressStore, StreamStatusReader, LetterStore].map((store) => ({
  provide: store, inject: [CassandraSession], useFactory: (session: CassandraSession) => new store(session),
}))

export const topicAdmin: FactoryProvider<TopicAdmin> = { provide: TopicAdmin, useFactory: () => new TopicAdmin(readSettings(kafkaSettings)) }
export const topicWriter: FactoryProvider<TopicWriter> = { provide: TopicWriter, useFactory: () => TopicWriter.lazy(readSettings(kafkaSettings), 'millrace-spark-bridge') }

/** Without the server's token, which only its session needs. */
const supervisorSettings = { kafkaBrokers: sparkSettings.kafkaBrokers, checkpoints: sparkSettings.checkpoints, triggerMs: sparkSettings.triggerMs, pollMs: sparkBridgeSettings.pollMs }

export const supervisor: FactoryProvider<Supervisor> = {
  provide: Supervisor,
  inject: [CATALOGUE, QueryServer, GenerationStore, ProgressStore, StreamStatusReader, TopicAdmin, TopicWriter, LetterStore],
  useFactory: (catalogue: Catalogue, server: QueryServer, generations: GenerationStore, stored: ProgressStore, ingestion: StreamStatusReader, topics: TopicAdmin, markers: TopicWriter, letters: LetterStore) => {
    const { kafkaBrokers: brokers, checkpoints, triggerMs, pollMs } = readSettings(supervisorSettings)
    const around = { server, generations, stored, ingestion, topics, markers, letters, settings: { brokers, checkpoints: folderOf(checkpoints), triggerMs } }
    return new Supervisor(catalogue, around, { pollMs, afterRound: ({ streams, serverFailure }) => { showQueries(streams.flatMap((stream) => queryViews(stream, serverFailure))) } })
  },
}

/** Spark runs in another directory than we do; an address such as s3a://… stays as it is. */
const folderOf = (checkpoints: string): string => (/^[a-z][a-z0-9+.-]+:\/\//i.test(checkpoints) ? checkpoints : resolve(checkpoints))

/** Begins supervision when the app is up, tells health what it needs, and closes in reverse order. The queries go on. */
@Injectable()
export class Connections implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly supervisor: Supervisor,
    private readonly spark: SparkSession,
    private readonly cassandra: CassandraSession,
    private readonly topics: TopicAdmin,
    private readonly writer: TopicWriter,
    health: Health,
  ) {
    health.add('spark', () => { supervisor.health() })
    health.add('cassandra', () => cassandra.health())
    health.add('kafka', () => topics.health())
  }

  /** The first round would only find that Cassandra is not connected yet; without it, it goes on after a moment. */
  onApplicationBootstrap(): void {
    this.supervisor.open(this.cassandra.ready)
  }

  /** The connection to Spark first: it ends a call that the round in hand may be waiting for. */
  async onApplicationShutdown(): Promise<void> {
    const closing = this.supervisor.close()
    this.spark.close()
    await closing
    await Promise.all([this.topics.close(), this.writer.close(), this.cassandra.close()])
  }
}
