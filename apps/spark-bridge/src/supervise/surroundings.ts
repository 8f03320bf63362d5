import type { LetterStore } from '@millrace/cassandra'
import type { TopicWriter } from '@millrace/kafka'
import { SparkError, type QueryIdentity } from '@millrace/spark-connect'
import type { DroppedRecounts, EventTopics, Generations, IngestionStatus, QueryServer, Searches, StoredProgress } from '../ports.ts'
import type { Promotions } from '../replays/promotions.ts'
import type { StartSettings } from './carry-out.ts'
import type { ActiveQuery } from './decide-queries.ts'

/** Everything outside of this process that supervision reads or changes. */
export interface Surroundings {
  readonly server: QueryServer
  readonly generations: Generations
  readonly stored: StoredProgress
  readonly ingestion: IngestionStatus
  readonly topics: EventTopics
  readonly markers: Pick<TopicWriter, 'send'>
  readonly letters: Pick<LetterStore, 'writeDead'>
  readonly searches: Searches
  readonly promotions: Promotions
  readonly recounts: DroppedRecounts
  readonly settings: StartSettings
}

export interface RunningQuery extends ActiveQuery {
  readonly identity: QueryIdentity
}

/** Failures of the server as a whole, not of one query. */
export const isOfServer = (error: unknown): boolean =>
  error instanceof SparkError && (error.code === 'spark_unreachable' || error.code === 'spark_session_changed' || error.code === 'spark_unauthenticated')
