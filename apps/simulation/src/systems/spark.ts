import { SparkError, type QueryIdentity, type QueryProgress, type StreamSink } from '@millrace/spark-connect'
import { QueryServer } from '@millrace/spark-bridge/parts'
import type { Machine } from '../engine/machine.ts'
import type { World } from '../world.ts'
import { Checkpoint, SparkQuery } from './spark-query.ts'

/** The Spark server: its queries die with it, their checkpoints do not. */
export class Spark {
  readonly #world: World
  readonly #running = new Map<string, SparkQuery>()
  readonly #ended = new Map<string, SparkError | null>()
  readonly #checkpoints = new Map<string, Checkpoint>()
  #runs = 0
  #life = 1

  constructor(world: World) {
    this.#world = world
    world.broker.listen((topic) => { for (const query of this.#running.values()) query.noticed(topic) })
  }

  get life(): number {
    return this.#life
  }

  active(): QueryIdentity[] {
    return [...this.#running.values()].map(({ identity }) => identity)
  }

  start({ queryName: name, checkpoint: path }: StreamSink): QueryIdentity {
    if (this.#running.has(name)) throw new SparkError('spark_query_exists', `${name} is active already`)
    const checkpoint = this.#checkpoints.get(path) ?? new Checkpoint()
    this.#checkpoints.set(path, checkpoint)
    this.#runs += 1
    const query = new SparkQuery(this.#world, { id: `id of ${name}`, runId: `run ${this.#runs}`, name }, checkpoint, (failure) => { this.#end(query, failure) })
    this.#running.set(name, query)
    query.begin()
    return query.identity
  }

  progress({ runId }: QueryIdentity): QueryProgress[] {
    return [...this.#running.values()].find(({ identity }) => identity.runId === runId)?.reports ?? []
  }

  exception({ runId, name }: QueryIdentity): SparkError | null {
    const failure = this.#ended.get(runId)
    if (failure === undefined && !this.#running.has(name)) throw new SparkError('spark_query_unknown', `${name} is not known`)
    return failure ?? null
  }

  stop({ name }: QueryIdentity): void {
    const query = this.#running.get(name)
    if (query) this.#end(query, null)
  }

  /** kill -9 and a new start: it knows nothing of before. */
  restart(): void {
    this.#world.tell('spark', 'is killed and started again')
    for (const query of this.#running.values()) query.kill()
    this.#running.clear()
    this.#ended.clear()
    this.#life += 1
  }

  #end(query: SparkQuery, failure: SparkError | null): void {
    query.kill()
    this.#running.delete(query.identity.name)
    this.#ended.set(query.identity.runId, failure)
  }
}

/** The server as a bridge asks it. */
export class SimulatedServer extends QueryServer {
  #life: number

  constructor(private readonly machine: Machine, private readonly spark: Spark) {
    super()
    this.#life = spark.life
  }

  active(): Promise<QueryIdentity[]> {
    return this.#ask('asking for the queries', true, () => this.spark.active())
  }

  start(_: unknown, sink: StreamSink): Promise<QueryIdentity> {
    return this.#ask(`starting ${sink.queryName.split('@')[0] ?? ''}`, false, () => this.spark.start(sink))
  }

  progress(query: QueryIdentity): Promise<QueryProgress[]> {
    return this.#ask('asking for reports', true, () => this.spark.progress(query))
  }

  exception(query: QueryIdentity): Promise<SparkError | null> {
    return this.#ask('asking why a query has ended', true, () => this.spark.exception(query))
  }

  stop(query: QueryIdentity): Promise<void> {
    return this.#ask(`stopping ${query.name.split('@')[0] ?? ''}`, false, () => { this.spark.stop(query) })
  }

  #ask<T>(what: string, isRead: boolean, effect: () => T): Promise<T> {
    const away = () => new SparkError('spark_unreachable', `${what}: the server is away.`)
    return this.machine.request({
      to: 'spark', what, isRead, refused: away, unknown: away,
      effect: () => {
        if (this.#life === this.spark.life) return effect()
        this.#life = this.spark.life
        throw new SparkError('spark_session_changed', 'the server is another one')
      },
    })
  }
}
