import type { Generation, GenerationStore, Progress, SearchStore, StreamStatus } from '@millrace/cassandra'
import type { PartitionOffsets, ReadRecord } from '@millrace/kafka'
import type { QueryIdentity, QueryProgress, Relation, SparkError, StreamSink } from '@millrace/spark-connect'
import type { StreamDeclaration } from '@millrace/stream-kit'

/** The Spark server, as far as the bridge needs it. `SparkSession` behind `SparkQueries`, or a twin in memory. */
export abstract class QueryServer {
  /** Every query of our session that runs. Throws SparkError. */
  abstract active(): Promise<QueryIdentity[]>
  abstract start(input: Relation, sink: StreamSink): Promise<QueryIdentity>
  /** The last batches, oldest first; `topic` is the stream's. */
  abstract progress(query: QueryIdentity, topic: string): Promise<QueryProgress[]>
  /** Why the query has ended by itself; null if it runs, or was stopped. */
  abstract exception(query: QueryIdentity): Promise<SparkError | null>
  abstract stop(query: QueryIdentity): Promise<void>
}

type Stream = Pick<StreamDeclaration, 'name' | 'version' | 'partitions'>

export type Generations = Pick<GenerationStore, 'list' | 'allocate' | 'retire' | 'setFloor'>

export interface StoredProgress {
  read(stream: Stream, generation: number): Promise<Progress | undefined>
}

export interface IngestionStatus {
  read(stream: Stream): Promise<StreamStatus | undefined>
}

/** The stream's topic, looked at. */
export interface EventTopics {
  endOffsets(topic: string): Promise<PartitionOffsets>
  beginningOffsets(topic: string): Promise<PartitionOffsets>
  readRange(topic: string, partition: number, from: bigint, to: bigint): Promise<ReadRecord[]>
}

/** How far the events that a generation has read have been looked at for malformed ones. */
export type Searches = Pick<SearchStore, 'read' | 'write'>

/** Windows from which Spark has dropped events, and the batch that tells so. Epoch milliseconds; the end is outside. */
export interface DroppedBatch {
  readonly generation: number
  /** Its offsets: the batch once is one recount, whichever bridge sees it. */
  readonly batch: string
  readonly from: number
  readonly to: number
}

/** Asks for recounts of such windows. */
export interface DroppedRecounts {
  enter(stream: StreamDeclaration, batch: DroppedBatch): Promise<void>
}

export type { Generation }
