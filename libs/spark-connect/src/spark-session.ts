import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { create, type MessageInitShape } from '@bufbuild/protobuf'
import { PlanSchema, type ExecutePlanResponse, type Plan } from '../gen/spark/connect/base_pb.js'
import { CommandSchema, WriteOperation_SaveMode, type StreamingQueryCommandResult, type StreamingQueryCommandSchema } from '../gen/spark/connect/commands_pb.js'
import { arrowTexts } from './arrow-texts.ts'
import { ask, execute, type ExecutionContext, type RequestBase } from './execution.ts'
import type { DataSource, Relation } from './relation.ts'
import { sparkConnection, type SparkAddress, type SparkConnection } from './spark-connection.ts'
import { SparkError } from './spark.errors.ts'
import { sparkError } from './spark-failure.ts'
import { StreamingQuery, type QueryIdentity } from './streaming-query.ts'

export interface SessionOptions {
  /** Two sessions of the same name are one to the server: a restarted client finds its queries again. */
  readonly name: string
  readonly user?: string
  /** The longest that a command may take, and the longest that a question may. */
  readonly timeoutMs?: number
  readonly readTimeoutMs?: number
}

export interface StreamSink {
  readonly format: string
  readonly options: Readonly<Record<string, string>>
  readonly outputMode: 'append' | 'update'
  readonly queryName: string
  /** As the Spark server sees it. */
  readonly checkpoint: string
  /** Such as `1 second`; `once` takes what is there and ends. */
  readonly trigger: string
}

type CommandType = NonNullable<MessageInitShape<typeof CommandSchema>['commandType']>
type QueryCommand = NonNullable<MessageInitShape<typeof StreamingQueryCommandSchema>['command']>

const defaultTimeoutMs = 60_000
const defaultReadTimeoutMs = 15_000

/**
 * A session on a Spark Connect server. It holds the settings of its queries and the queries themselves, both on the
 * server, for as long as the server runs: closing this object ends only the connection.
 */
export class SparkSession {
  readonly sessionId: string
  readonly #user: string
  readonly #connection: SparkConnection
  readonly #context: ExecutionContext
  #serverSessionId: string | undefined

  constructor(connection: SparkConnection, { name, user = 'millrace', timeoutMs = defaultTimeoutMs, readTimeoutMs = defaultReadTimeoutMs }: SessionOptions) {
    this.sessionId = sessionIdOf(name)
    this.#user = user
    this.#connection = connection
    this.#context = {
      calls: connection.calls,
      base: () => this.#base(),
      observe: (id) => { this.#serverSessionId = id },
      timeoutMs,
      readTimeoutMs,
      wait: async (ms) => { await sleep(ms) },
    }
  }

  /** Nothing is sent until the first call. */
  static open(address: SparkAddress, options: SessionOptions): SparkSession {
    return new SparkSession(sparkConnection(address), options)
  }

  /** The server's version: proof that it answers and knows our token. */
  async version(): Promise<string> {
    const { result } = await this.#unary('asking for the version', () =>
      this.#context.calls.analyzePlan({ ...this.#base(), analyze: { case: 'sparkVersion', value: {} } }, this.#callOptions()))
    return result.case === 'sparkVersion' ? result.value.version : 'unknown'
  }

  /** Changes settings of this session; a query takes what stands when it starts. */
  async configure(settings: Readonly<Record<string, string>>): Promise<void> {
    const pairs = Object.entries(settings).map(([key, value]) => ({ key, value }))
    await this.#unary('setting the session up', () =>
      this.#context.calls.config({ ...this.#base(), operation: { opType: { case: 'set', value: { pairs } } } }, this.#callOptions()))
  }

  /** Refuses a relation that Spark cannot plan, with the reason. */
  async check(relation: Relation): Promise<void> {
    const plan = create(PlanSchema, { opType: { case: 'root', value: relation } })
    await this.#unary('checking a plan', () =>
      this.#context.calls.analyzePlan({ ...this.#base(), analyze: { case: 'schema', value: { plan } } }, this.#callOptions()))
  }

  /**
   * Starts a query, from its checkpoint if there is one. It succeeds even if the topic is missing or the checkpoint
   * damaged: those come later, from the query's `exception()`.
   */
  async start(input: Relation, { format, options, outputMode, queryName, checkpoint, trigger }: StreamSink): Promise<StreamingQuery> {
    const responses = await this.#command(`starting ${queryName}`, {
      case: 'writeStreamOperationStart',
      value: {
        input, format, outputMode, queryName,
        options: { ...options, checkpointLocation: checkpoint },
        trigger: trigger === 'once' ? { case: 'availableNow', value: true } : { case: 'processingTimeInterval', value: trigger },
      },
    })
    for (const { responseType } of responses)
      if (responseType.case === 'writeStreamOperationStartResult' && responseType.value.queryId)
        return new StreamingQuery(this, { id: responseType.value.queryId.id, runId: responseType.value.queryId.runId, name: queryName })
    throw new SparkError('spark_failed', `starting ${queryName}: the server answered without the query's id; expected WriteStreamOperationStartResult.`)
  }

  /** The queries of this session that run. */
  async activeQueries(): Promise<StreamingQuery[]> {
    const responses = await this.#command('listing the queries', { case: 'streamingQueryManagerCommand', value: { command: { case: 'active', value: true } } }, true)
    return responses.flatMap(({ responseType }) =>
      responseType.case === 'streamingQueryManagerCommandResult' && responseType.value.resultType.case === 'active'
        ? responseType.value.resultType.value.activeQueries.flatMap(({ id, name = '' }) => (id ? [new StreamingQuery(this, { id: id.id, runId: id.runId, name })] : []))
        : [])
  }

  /** A query known from before, of whatever state. */
  query(identity: QueryIdentity): StreamingQuery {
    return new StreamingQuery(this, identity)
  }

  /** For StreamingQuery. `isReading`: the command changes nothing, so a lost answer may simply be asked for again. */
  async queryCommand({ id, runId }: QueryIdentity, command: QueryCommand, { action, isReading }: { action: string; isReading: boolean }): Promise<StreamingQueryCommandResult['resultType'] | undefined> {
    const responses = await this.#command(action, { case: 'streamingQueryCommand', value: { queryId: { id, runId }, command } }, isReading)
    for (const { responseType } of responses) if (responseType.case === 'streamingQueryCommandResult') return responseType.value.resultType
    return undefined
  }

  /**
   * Runs a relation of one text column and gives its rows as they come. Whoever stops reading stops the computation, too:
   * the server ends an operation that is released.
   */
  async *texts(relation: Relation, action: string): AsyncGenerator<string, void, void> {
    const plan = create(PlanSchema, { opType: { case: 'root', value: relation } })
    try {
      for await (const { responseType } of execute(this.#context, plan, action))
        if (responseType.case === 'arrowBatch') yield* arrowTexts(responseType.value.data)
    } catch (error) {
      throw this.#noticed(error)
    }
  }

  /** Runs a relation once and writes its rows into a sink. Broken off on our side it goes on there, and may yet write. */
  async write(input: Relation, { format, options }: DataSource, action: string): Promise<void> {
    await this.#command(action, { case: 'writeOperation', value: { input, source: format, mode: WriteOperation_SaveMode.APPEND, options: { ...options } } })
  }

  /** Ends the connection. The queries go on: releasing the session would stop them. */
  close(): void {
    this.#connection.close()
  }

  async #command(action: string, commandType: CommandType, isReading = false): Promise<ExecutePlanResponse[]> {
    const plan: Plan = create(PlanSchema, { opType: { case: 'command', value: create(CommandSchema, { commandType }) } })
    const responses: ExecutePlanResponse[] = []
    try {
      for await (const response of (isReading ? ask : execute)(this.#context, plan, action)) responses.push(response)
      return responses
    } catch (error) {
      throw this.#noticed(error)
    }
  }

  async #unary<T extends { serverSideSessionId: string }>(action: string, call: () => Promise<T>): Promise<T> {
    try {
      const answer = await call()
      this.#serverSessionId = answer.serverSideSessionId
      return answer
    } catch (error) {
      throw this.#noticed(sparkError(action, error))
    }
  }

  /** A restarted server has a new session under the old id: said once, to the first call, then we belong to the new one. */
  #noticed(error: unknown): unknown {
    if (error instanceof SparkError && error.code === 'spark_session_changed') this.#serverSessionId = undefined
    return error
  }

  #base(): RequestBase {
    return {
      sessionId: this.sessionId,
      userContext: { userId: this.#user },
      clientType: 'millrace',
      ...(this.#serverSessionId !== undefined && { clientObservedServerSideSessionId: this.#serverSessionId }),
    }
  }

  #callOptions() {
    return { timeoutMs: this.#context.readTimeoutMs }
  }
}

/** Session ids must be UUIDs; ours is the hash of a name (version 8, RFC 9562). */
function sessionIdOf(name: string): string {
  const hex = createHash('sha256').update(`millrace session ${name}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
