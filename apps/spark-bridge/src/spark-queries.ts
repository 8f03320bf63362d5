import { windowQuerySettings, type QueryIdentity, type QueryProgress, type Relation, type SparkError, type SparkSession, type StreamSink } from '@millrace/spark-connect'
import { QueryServer } from './ports.ts'

/** The queries of our session on a real server. */
export class SparkQueries extends QueryServer {
  /** `changed` is for drills, see sabotage/. */
  constructor(private readonly session: SparkSession, private readonly changed: (plan: Relation) => Relation = (plan) => plan) {
    super()
  }

  async active(): Promise<QueryIdentity[]> {
    return await this.session.activeQueries()
  }

  /** A server that was restarted has forgotten the session's settings, and a query takes what stands when it starts. */
  async start(input: Relation, sink: StreamSink): Promise<QueryIdentity> {
    await this.session.configure(windowQuerySettings)
    return await this.session.start(this.changed(input), sink)
  }

  async progress(query: QueryIdentity, topic: string): Promise<QueryProgress[]> {
    return await this.session.query(query).recentProgress(topic)
  }

  async exception(query: QueryIdentity): Promise<SparkError | null> {
    return await this.session.query(query).exception()
  }

  async stop(query: QueryIdentity): Promise<void> {
    await this.session.query(query).stop()
  }
}
