import { CassandraReplayStore, CassandraRequestKeys, CassandraSession, GenerationStore, InclusionStore, ProgressStore, ReplayStore, StreamStatusReader } from '@millrace/cassandra'
import { TopicAdmin, TopicWriter } from '@millrace/kafka'
import { RateLimit, readSettings, systemClock, type RequestKeys } from '@millrace/service'
import { SparkSession, sparkSettings } from '@millrace/spark-connect'
import type { Catalogue } from '@millrace/stream-kit'
import type { FactoryProvider } from '@nestjs/common'
import { CATALOGUE } from '../catalogue.provider.ts'
import { ServedTables } from '../recounts/served-windows.ts'
import { sparkBridgeSettings } from '../spark-bridge.config.ts'
import type { ReplaySurroundings } from './build-range.ts'
import { CarryingPromotions } from './promotions.ts'
import { RangeBuilder } from './range-builder.ts'
import { ReplayDesk } from './replay-desk.ts'
import { ReplayQueue } from './replay-queue.ts'
import { SparkRangeBuilder } from './spark-range-builder.ts'

/** What idempotency keys of replays stand for; recounts have keys of their own. */
export const REPLAY_KEYS = Symbol('replay keys')
/** What replays read and change. */
const AROUND = Symbol('surroundings of replays')

const longestBuildMs = 1_800_000

const rangeBuilder: FactoryProvider<RangeBuilder> = {
  provide: RangeBuilder,
  useFactory: () => {
    const { url, token, session, kafkaBrokers: brokers } = readSettings(sparkSettings)
    const { recountTasks: tasks } = readSettings({ recountTasks: sparkBridgeSettings.recountTasks })
    return new SparkRangeBuilder(SparkSession.open({ url, token }, { name: `${session} replays`, timeoutMs: longestBuildMs }), { brokers, tasks })
  },
}

const around: FactoryProvider<ReplaySurroundings> = {
  provide: AROUND,
  inject: [GenerationStore, InclusionStore, ProgressStore, StreamStatusReader, TopicAdmin, TopicWriter, RangeBuilder, ServedTables],
  useFactory: (generations: GenerationStore, inclusions: InclusionStore, stored: ProgressStore, ingestion: StreamStatusReader, topics: TopicAdmin, markers: TopicWriter, builder: RangeBuilder, tables: ServedTables) =>
    ({ generations, inclusions, stored, ingestion, topics, markers, builder, tables, clock: systemClock }),
}

const queue: FactoryProvider<ReplayQueue> = {
  provide: ReplayQueue,
  inject: [CATALOGUE, ReplayStore, AROUND],
  useFactory: (catalogue: Catalogue, store: ReplayStore, surroundings: ReplaySurroundings) => new ReplayQueue({ catalogue, store, around: surroundings }),
}

const desk: FactoryProvider<ReplayDesk> = {
  provide: ReplayDesk,
  inject: [CATALOGUE, ReplayStore, REPLAY_KEYS, AROUND, ReplayQueue],
  useFactory: (catalogue: Catalogue, store: ReplayStore, keys: RequestKeys, surroundings: ReplaySurroundings, work: ReplayQueue) =>
    new ReplayDesk({ catalogue, store, keys, around: surroundings, queue: work, limit: new RateLimit({ count: 10, perMs: 60_000, what: 'new replays' }) }),
}

export const replayProviders: FactoryProvider[] = [
  { provide: ReplayStore, inject: [CassandraSession], useFactory: (session: CassandraSession) => new CassandraReplayStore(session) },
  { provide: InclusionStore, inject: [CassandraSession], useFactory: (session: CassandraSession) => new InclusionStore(session) },
  { provide: REPLAY_KEYS, inject: [CassandraSession], useFactory: (session: CassandraSession) => new CassandraRequestKeys(session, 'replay') },
  { provide: CarryingPromotions, inject: [AROUND], useFactory: (surroundings: ReplaySurroundings) => new CarryingPromotions(surroundings) },
  rangeBuilder, around, queue, desk,
]
