import { resolve } from 'node:path'
import { CassandraRecountStore, CassandraRequestKeys, CassandraSession, cassandraSettings, GenerationStore, InclusionStore, LetterStore, ProgressStore, RecountStore, SearchStore, StreamStatusReader } from '@millrace/cassandra'
import { kafkaSettings, TopicAdmin, TopicWriter } from '@millrace/kafka'
import { Health, isSabotaged, RateLimit, readSettings, systemClock } from '@millrace/service'
import { SparkSession, sparkSettings } from '@millrace/spark-connect'
import type { Catalogue } from '@millrace/stream-kit'
import { Injectable, type FactoryProvider, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common'
import { CATALOGUE } from './catalogue.provider.ts'
import { CheckpointFolders } from './maintenance/checkpoint-folders.ts'
import { Maintenance } from './maintenance/maintenance.ts'
import { QueryServer } from './ports.ts'
import { showQueries } from './query-metrics.ts'
import { queryViews } from './query-view.ts'
import { EnteredRecounts } from './recounts/dropped-recounts.ts'
import { RecountDesk } from './recounts/recount-desk.ts'
import { RecountQueue } from './recounts/recount-queue.ts'
import { CassandraServedTables, ServedTables } from './recounts/served-windows.ts'
import { SparkWindowCounter } from './recounts/spark-window-counter.ts'
import { WindowCounter } from './recounts/window-counter.ts'
import { CarryingPromotions } from './replays/promotions.ts'
import { ReplayDesk } from './replays/replay-desk.ts'
import { ReplayQueue } from './replays/replay-queue.ts'
import { sparkBridgeSettings } from './spark-bridge.config.ts'
import { withoutDeduplication } from './sabotage/without-deduplication.ts'
import { SparkQueries } from './spark-queries.ts'
import { Supervisor } from './supervise/supervisor.ts'

export const sparkSession: FactoryProvider<SparkSession> = {
  provide: SparkSession,
  useFactory: () => {
    const { url, token, session } = readSettings(sparkSettings)
    return SparkSession.open({ url, token }, { name: session })
  },
}

export const queryServer: FactoryProvider<QueryServer> = { provide: QueryServer, inject: [SparkSession], useFactory: (session: SparkSession) => new SparkQueries(session, isSabotaged('spark-dedup-off') ? withoutDeduplication : undefined) }

/** A Cassandra that stands still must not keep the rounds from looking after queries. */
const requestTimeoutMs = 3_000

/** Connects in the background. */
export const writerSession: FactoryProvider<CassandraSession> = {
  provide: CassandraSession,
  useFactory: () => CassandraSession.connect(readSettings(cassandraSettings('writer')), { requestTimeoutMs }),
}

export const recountStore: FactoryProvider<RecountStore> = { provide: RecountStore, inject: [CassandraSession], useFactory: (session: CassandraSession) => new CassandraRecountStore(session) }
export const requestKeys: FactoryProvider<CassandraRequestKeys> = { provide: CassandraRequestKeys, inject: [CassandraSession], useFactory: (session: CassandraSession) => new CassandraRequestKeys(session, 'recount') }
export const servedTables: FactoryProvider<ServedTables> = { provide: ServedTables, inject: [CassandraSession], useFactory: (session: CassandraSession) => new CassandraServedTables(session) }

/** Recounts have a session of their own: it has other settings, and nothing that happens to it stops a stream's query. */
export const windowCounter: FactoryProvider<WindowCounter> = {
  provide: WindowCounter,
  useFactory: () => {
    const { url, token, session, kafkaBrokers: brokers } = readSettings(sparkSettings)
    const { recountTasks: tasks } = readSettings({ recountTasks: sparkBridgeSettings.recountTasks })
    return new SparkWindowCounter(SparkSession.open({ url, token }, { name: `${session} recounts`, timeoutMs: longestRecountMs }), { brokers, tasks })
  },
}

const longestRecountMs = 1_800_000

export const stores: FactoryProvider[] = [GenerationStore, ProgressStore, StreamStatusReader, LetterStore, SearchStore].map((store) => ({
  provide: store, inject: [CassandraSession], useFactory: (session: CassandraSession) => new store(session),
}))

export const topicAdmin: FactoryProvider<TopicAdmin> = { provide: TopicAdmin, useFactory: () => new TopicAdmin(readSettings(kafkaSettings)) }
export const topicWriter: FactoryProvider<TopicWriter> = { provide: TopicWriter, useFactory: () => TopicWriter.lazy(readSettings(kafkaSettings), 'millrace-spark-bridge') }

/** Without the server's token, which only its session needs. */
const supervisorSettings = { kafkaBrokers: sparkSettings.kafkaBrokers, checkpoints: sparkSettings.checkpoints, triggerMs: sparkSettings.triggerMs, pollMs: sparkBridgeSettings.pollMs }

export const supervisor: FactoryProvider<Supervisor> = {
  provide: Supervisor,
  inject: [CATALOGUE, QueryServer, GenerationStore, ProgressStore, StreamStatusReader, TopicAdmin, TopicWriter, LetterStore, SearchStore, CarryingPromotions, RecountStore, RecountQueue],
  useFactory: (catalogue: Catalogue, server: QueryServer, generations: GenerationStore, stored: ProgressStore, ingestion: StreamStatusReader, topics: TopicAdmin, markers: TopicWriter, letters: LetterStore, searches: SearchStore, promotions: CarryingPromotions, recounts: RecountStore, queue: RecountQueue) => {
    const { kafkaBrokers: brokers, checkpoints, triggerMs, pollMs } = readSettings(supervisorSettings)
    const around = { server, generations, stored, ingestion, topics, markers, letters, searches, promotions, recounts: new EnteredRecounts({ store: recounts, queue }), settings: { brokers, checkpoints: folderOf(checkpoints), triggerMs } }
    return new Supervisor(catalogue, around, { pollMs, afterRound: ({ streams, serverFailure }) => { showQueries(streams.flatMap((stream) => queryViews(stream, serverFailure))) } })
  },
}

export const recountQueue: FactoryProvider<RecountQueue> = {
  provide: RecountQueue,
  inject: [CATALOGUE, RecountStore, GenerationStore, InclusionStore, ProgressStore, StreamStatusReader, TopicAdmin, WindowCounter, ServedTables],
  useFactory: (catalogue: Catalogue, store: RecountStore, generations: GenerationStore, inclusions: InclusionStore, stored: ProgressStore, ingestion: StreamStatusReader, topics: TopicAdmin, counter: WindowCounter, tables: ServedTables) =>
    new RecountQueue({ catalogue, store, around: { generations, inclusions, stored, ingestion, topics, counter, tables, now: () => systemClock.now() } }),
}

export const recountDesk: FactoryProvider<RecountDesk> = {
  provide: RecountDesk,
  inject: [CATALOGUE, RecountStore, CassandraRequestKeys, GenerationStore, ProgressStore, RecountQueue],
  useFactory: (catalogue: Catalogue, store: RecountStore, keys: CassandraRequestKeys, generations: GenerationStore, stored: ProgressStore, queue: RecountQueue) =>
    new RecountDesk({ catalogue, store, keys, generations, stored, queue, limit: new RateLimit({ count: 10, perMs: 60_000, what: 'new recounts' }) }),
}

export const checkpointFolders: FactoryProvider<CheckpointFolders> = {
  provide: CheckpointFolders,
  useFactory: () => new CheckpointFolders(folderOf(readSettings({ checkpoints: sparkSettings.checkpoints }).checkpoints)),
}

export const maintenance: FactoryProvider<Maintenance> = {
  provide: Maintenance,
  inject: [QueryServer, GenerationStore, RecountStore, ReplayDesk, CheckpointFolders],
  useFactory: (server: QueryServer, generations: GenerationStore, recounts: RecountStore, replays: ReplayDesk, folders: CheckpointFolders) => new Maintenance({ server, generations, recounts, replays, folders }),
}

/** Spark runs in another directory than we do; an address such as s3a://… stays as it is. */
const folderOf = (checkpoints: string): string => (/^[a-z][a-z0-9+.-]+:\/\//i.test(checkpoints) ? checkpoints : resolve(checkpoints))

/** Begins supervision when the app is up, tells health what it needs, and closes in reverse order. The queries go on. */
@Injectable()
export class Connections implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly supervisor: Supervisor,
    private readonly recounts: RecountQueue,
    private readonly replays: ReplayQueue,
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
    this.recounts.open(this.cassandra.ready)
    this.replays.open(this.cassandra.ready)
  }

  /** The connection to Spark first: it ends a call that the round in hand may be waiting for. */
  async onApplicationShutdown(): Promise<void> {
    const closing = Promise.all([this.supervisor.close(), this.recounts.close(), this.replays.close()])
    this.spark.close()
    await closing
    await Promise.all([this.topics.close(), this.writer.close(), this.cassandra.close()])
  }
}
