import type { SparkSession } from './spark-session.ts'
import type { SparkError } from './spark.errors.ts'
import { queryFailure } from './spark-failure.ts'
import { queryProgress, type QueryProgress } from './query-progress.ts'

export interface QueryIdentity {
  /** Kept in the checkpoint: the same after every restart from it. */
  readonly id: string
  /** Of this run alone. */
  readonly runId: string
  readonly name: string
}

export interface QueryStatus {
  readonly isActive: boolean
  readonly isDataAvailable: boolean
  readonly isTriggerActive: boolean
  readonly message: string
}

type Command = Parameters<SparkSession['queryCommand']>[1]

/** A streaming query on the server, which goes on without this object and without this process. */
export class StreamingQuery implements QueryIdentity {
  readonly id: string
  readonly runId: string
  readonly name: string

  constructor(private readonly session: SparkSession, { id, runId, name }: QueryIdentity) {
    this.id = id
    this.runId = runId
    this.name = name
  }

  async status(): Promise<QueryStatus> {
    const answer = await this.#ask('status', { case: 'status', value: true })
    if (answer?.case !== 'status') return { isActive: false, isDataAvailable: false, isTriggerActive: false, message: '' }
    const { isActive, isDataAvailable, isTriggerActive, statusMessage } = answer.value
    return { isActive, isDataAvailable, isTriggerActive, message: statusMessage }
  }

  /** The last finished batch, or null before the first. `topic` is the one whose offsets are wanted. */
  async lastProgress(topic: string): Promise<QueryProgress | null> {
    const answer = await this.#ask('lastProgress', { case: 'lastProgress', value: true })
    const json = answer?.case === 'recentProgress' ? answer.value.recentProgressJson.at(-1) : undefined
    return json === undefined ? null : queryProgress(json, topic)
  }

  /** Progress of the last batches that the server remembers (100 by default), oldest first. */
  async recentProgress(topic: string): Promise<QueryProgress[]> {
    const answer = await this.#ask('recentProgress', { case: 'recentProgress', value: true })
    return answer?.case === 'recentProgress' ? answer.value.recentProgressJson.map((json) => queryProgress(json, topic)) : []
  }

  /** Why the query has ended by itself; null if it runs, or was stopped. */
  async exception(): Promise<SparkError | null> {
    const answer = await this.#ask('exception', { case: 'exception', value: true })
    if (answer?.case !== 'exception' || answer.value.exceptionMessage === undefined) return null
    const { exceptionMessage: message, errorClass, stackTrace } = answer.value
    return queryFailure(`running ${this.name}`, { message, ...(errorClass !== undefined && { errorClass }), ...(stackTrace !== undefined && { stackTrace }) })
  }

  /** Waits until everything that is on the topic now is committed. For tests. */
  async processAllAvailable(): Promise<void> {
    await this.session.queryCommand(this, { case: 'processAllAvailable', value: true }, { action: `waiting for ${this.name}`, isReading: false })
  }

  /** Ends the run between or in the middle of batches; the checkpoint stays, and the next start goes on from it. */
  async stop(): Promise<void> {
    await this.session.queryCommand(this, { case: 'stop', value: true }, { action: `stopping ${this.name}`, isReading: false })
  }

  #ask(what: string, command: Command) {
    return this.session.queryCommand(this, command, { action: `asking ${this.name} for its ${what}`, isReading: true })
  }
}
