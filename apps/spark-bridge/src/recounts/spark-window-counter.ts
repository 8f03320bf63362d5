import { recountedWindow, recountRelation, recountSettings, SparkError, type RecountedWindow, type SparkSession } from '@millrace/spark-connect'
import { streamLabel, type StreamDeclaration, type ViewDeclaration } from '@millrace/stream-kit'
import { WindowCounter, type CountedRange } from './window-counter.ts'

export interface SparkCounterSettings {
  /** Kafka as the Spark server reaches it. */
  readonly brokers: readonly string[]
  /** Tasks of the server that a recount takes at once. */
  readonly tasks: number
}

/** Counts on the Spark server, in a session of its own: whatever becomes of it, the streams' session knows nothing of it. */
export class SparkWindowCounter extends WindowCounter {
  #isClosed = false

  constructor(private readonly session: SparkSession, private readonly settings: SparkCounterSettings) {
    super()
  }

  /** A server that was restarted has forgotten the session's settings. */
  override async *windows(stream: StreamDeclaration, view: ViewDeclaration, range: CountedRange): AsyncGenerator<RecountedWindow, void, void> {
    if (this.#isClosed) throw new SparkError('spark_unreachable', 'recounting: the session has been closed.')
    const { brokers, tasks } = this.settings
    await this.session.configure(recountSettings(tasks))
    const relation = recountRelation(stream, view, { ...range, brokers: brokers.join(','), tasks })
    for await (const text of this.session.texts(relation, `recounting ${view.name} of ${streamLabel(stream)}`)) yield recountedWindow(text)
  }

  override close(): void {
    this.#isClosed = true
    this.session.close()
  }
}
