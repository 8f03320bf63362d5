import type { ReplayQuestion } from '@millrace/spark-connect'
import type { StreamDeclaration } from '@millrace/stream-kit'

/** Which windows are built, from which part of the topic and which late events. */
export type RangeToBuild = Omit<ReplayQuestion, 'brokers'>

/** Builds the windows of a range once, apart from the stream's query. Spark, or a twin in memory. */
export abstract class RangeBuilder {
  /** Puts the windows that lie wholly in the range on the windows topic, and resolves when all are there. Throws SparkError. */
  abstract build(stream: StreamDeclaration, range: RangeToBuild): Promise<void>
  /** Gives up what is being built. */
  abstract close(): void
}
