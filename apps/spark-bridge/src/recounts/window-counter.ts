import type { RecountedWindow, RecountQuestion } from '@millrace/spark-connect'
import type { StreamDeclaration, ViewDeclaration } from '@millrace/stream-kit'

/** Which windows are counted, from which part of the topic. */
export type CountedRange = Pick<RecountQuestion, 'begins' | 'ends' | 'from' | 'to' | 'included'>

/** Counts windows from the topic, apart from the stream's query. Spark, or a twin in memory. */
export abstract class WindowCounter {
  /** The windows of one view that lie wholly in the range, oldest first. Throws SparkError. */
  abstract windows(stream: StreamDeclaration, view: ViewDeclaration, range: CountedRange): AsyncIterable<RecountedWindow>
  /** Gives up what is being counted. */
  abstract close(): void
}
