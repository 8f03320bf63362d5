import { recountSettings, replayRelation, SparkError, type SparkSession } from '@millrace/spark-connect'
import { streamLabel, windowTopic, type StreamDeclaration } from '@millrace/stream-kit'
import type { SparkCounterSettings } from '../recounts/spark-window-counter.ts'
import { RangeBuilder, type RangeToBuild } from './range-builder.ts'

/** Builds on the Spark server, in a session of its own: whatever becomes of it, the streams' session knows nothing of it. */
export class SparkRangeBuilder extends RangeBuilder {
  #isClosed = false

  constructor(private readonly session: SparkSession, private readonly settings: SparkCounterSettings) {
    super()
  }

  /** A server that was restarted has forgotten the session's settings. */
  override async build(stream: StreamDeclaration, range: RangeToBuild): Promise<void> {
    if (this.#isClosed) throw new SparkError('spark_unreachable', 'building a range: the session has been closed.')
    const { tasks } = this.settings
    const brokers = this.settings.brokers.join(',')
    await this.session.configure(recountSettings(tasks))
    await this.session.write(replayRelation(stream, { ...range, brokers }), { format: 'kafka', options: { 'kafka.bootstrap.servers': brokers, topic: windowTopic(stream) } }, `building generation ${range.generation} of ${streamLabel(stream)}`)
  }

  override close(): void {
    this.#isClosed = true
    this.session.close()
  }
}
