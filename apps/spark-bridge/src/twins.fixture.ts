import { CassandraError, firstTopic, CassandraRequestKeys, CassandraSession, GenerationStore, InclusionStore, LetterStore, ProgressStore, RecountStore, replacedBy, ReplayStore, SearchStore, StreamStatusReader, type DeadLetter, type Generation, type NewGeneration, type Promotion, type StreamKey, type StreamStatus } from '@millrace/cassandra'
import { decodeMarker, KafkaError, TopicAdmin, TopicWriter, type ProgressMarker, type ReadRecord, type TopicSend } from '@millrace/kafka'
import { SparkError, SparkSession, type QueryIdentity, type QueryProgress, type StreamSink } from '@millrace/spark-connect'
import { streamLabel } from '@millrace/stream-kit'
import type { TestingModuleBuilder } from '@nestjs/testing'
import { CheckpointFolders } from './maintenance/checkpoint-folders.ts'
import { QueryServer } from './ports.ts'
import { CounterTwin, InMemoryRecountStore, InMemoryRequestKeys, TablesTwin } from './recounts/recounts.fixture.ts'
import { EnteredRecounts } from './recounts/dropped-recounts.ts'
import { ServedTables } from './recounts/served-windows.ts'
import { WindowCounter } from './recounts/window-counter.ts'
import type { ReplaySurroundings } from './replays/build-range.ts'
import { RangeBuilder } from './replays/range-builder.ts'
import { REPLAY_KEYS } from './replays/replay-providers.ts'
import { BuilderTwin, InclusionTwin, InMemoryReplayStore } from './replays/replays.fixture.ts'
import type { Surroundings } from './supervise/surroundings.ts'

/** A Spark server in memory: what is started runs, finishes the batches that the test says, and ends when the test says so. */
export class ServerTwin extends QueryServer {
  readonly running = new Map<string, QueryIdentity>()
  readonly sinks = new Map<string, StreamSink>()
  /** In order: `start trades.v1.g1@…`, `stop …`. */
  readonly calls: string[] = []
  failure: SparkError | null = null
  startFailure: SparkError | null = null
  readonly #reports = new Map<string, QueryProgress[]>()
  readonly #failures = new Map<string, SparkError | null>()
  #runs = 0

  async active(): Promise<QueryIdentity[]> {
    await this.#answer()
    return [...this.running.values()]
  }

  async start(_: unknown, sink: StreamSink): Promise<QueryIdentity> {
    await this.#answer()
    this.calls.push(`start ${sink.queryName}`)
    if (this.startFailure) throw this.startFailure
    if (this.running.has(sink.queryName)) throw new SparkError('spark_query_exists', 'already active')
    this.sinks.set(sink.queryName, sink)
    return this.run(sink.queryName)
  }

  async progress({ runId }: QueryIdentity): Promise<QueryProgress[]> {
    await this.#answer()
    return this.#reports.get(runId) ?? []
  }

  async exception({ runId, name }: QueryIdentity): Promise<SparkError | null> {
    await this.#answer()
    const failure = this.#failures.get(runId)
    if (failure === undefined) throw new SparkError('spark_query_unknown', `${name} is not known`)
    return failure
  }

  async stop({ name }: QueryIdentity): Promise<void> {
    await this.#answer()
    this.calls.push(`stop ${name}`)
    this.end(name, null)
  }

  /** It runs, as if an earlier bridge had started it. */
  run(name: string): QueryIdentity {
    this.#runs += 1
    const query = { id: `id of ${name}`, runId: `run ${this.#runs}`, name }
    this.running.set(name, query)
    return query
  }

  /** The query with this beginning of its name finishes a batch. */
  finish(prefix: string, committed: Record<string, number>, more: Partial<QueryProgress> = {}): void {
    const query = this.#find(prefix)
    const reports = this.#reports.get(query.runId) ?? []
    const report: QueryProgress = {
      runId: query.runId, batchId: reports.length, isBatch: true, timestamp: '', inputRows: 1, processedRowsPerSecond: 10, durationMs: 300,
      from: {}, committed, latest: committed, stateRows: 7, droppedByWatermark: 0, duplicates: 0, observed: { intake: { total: 1, malformed: 0 } }, ...more,
    }
    this.#reports.set(query.runId, [...reports, report])
  }

  /** Ends by itself with a failure, or as if stopped. */
  end(prefix: string, failure: SparkError | null): void {
    const query = this.#find(prefix)
    this.running.delete(query.name)
    this.#failures.set(query.runId, failure)
  }

  /** Killed and started again: it knows nothing of before, and says so once. */
  restart(): void {
    this.running.clear()
    this.#failures.clear()
    this.#reports.clear()
    this.#isOther = true
  }

  #isOther = false

  async #answer(): Promise<void> {
    await Promise.resolve()
    if (this.failure) throw this.failure
    if (!this.#isOther) return
    this.#isOther = false
    throw new SparkError('spark_session_changed', 'the server is another one')
  }

  #find(prefix: string): QueryIdentity {
    const query = [...this.running.values()].find(({ name }) => name.startsWith(prefix))
    if (!query) throw new Error(`The test speaks of ${prefix}, which does not run. Running: ${[...this.running.keys()].join(', ') || 'nothing'}.`)
    return query
  }
}

/** What the bridge reads and writes beside Spark, in memory. */
export class Twins {
  readonly server = new ServerTwin()
  readonly generations = new Map<string, Generation[]>()
  readonly markers: { readonly topic: string; readonly partition: number | undefined; readonly marker: ProgressMarker }[] = []
  status: Partial<StreamStatus> | undefined = undefined
  readonly stored = new Map<number, Record<string, number>>()
  begins: Record<number, bigint> = { 0: 0n, 1: 0n }
  ends: Record<number, bigint> = { 0: 0n, 1: 0n }
  records: ReadRecord[] = []
  readonly dead: DeadLetter[] = []
  /** By generation: how far it is searched for malformed events. */
  readonly searched = new Map<number, Record<string, number>>()
  readonly recounts = new InMemoryRecountStore()
  readonly requestKeys = new InMemoryRequestKeys()
  readonly counter = new CounterTwin()
  readonly tables = new TablesTwin()
  readonly replays = new InMemoryReplayStore()
  readonly replayKeys = new InMemoryRequestKeys()
  readonly inclusions = new InclusionTwin()
  readonly builder = new BuilderTwin()
  /** By stream label: how often something was promoted. */
  readonly revisions = new Map<string, number>()
  finalUntil = 0
  /** Nowhere, unless the test has a folder of its own: a test must never reach the checkpoints of a line. */
  checkpoints = 's3a://twins/checkpoints'
  /** Whenever replays wait. */
  onSleep: () => void = () => undefined
  isCassandraAway = false
  isKafkaAway = false
  isStatusAway = false
  /** What is asked for is not on the topic. */
  refusesRanges = false
  now = 1_000_000

  get surroundings(): Surroundings {
    return {
      server: this.server,
      generations: this.#generations,
      stored: { read: (_, generation) => this.#cassandra(() => { const offsets = this.stored.get(generation); return offsets && { finalUntil: this.finalUntil, offsets, updatedAt: 0 } }) },
      ingestion: { read: () => this.#cassandra(() => { if (this.isStatusAway) throw new CassandraError('cassandra_timeout', 'No answer, says the test.'); return this.status && ({ topic: firstTopic, ...this.status } as StreamStatus) }) },
      topics: this.#topics,
      markers: this.#markers,
      letters: this.#letters,
      searches: this.#searches,
      promotions: { promote: async (stream, generation) => { await this.#generations.promote(stream, generation); return true } },
      recounts: new EnteredRecounts({ store: this.recounts, queue: { refresh: () => undefined }, clock: { now: () => this.now, sleep: () => Promise.reject(new Error('Nobody sleeps here.')) } }),
      settings: { brokers: ['kafka:9092'], checkpoints: '/checkpoints', triggerMs: 1_000 },
    }
  }

  /** For `testService` and `describeWorker`. */
  readonly override = (builder: TestingModuleBuilder): TestingModuleBuilder => builder
    .overrideProvider(SparkSession).useValue({ close: () => undefined })
    .overrideProvider(QueryServer).useValue(this.server)
    .overrideProvider(CassandraSession).useValue({ ready: Promise.resolve(), health: () => this.#cassandra(() => undefined), close: () => Promise.resolve() })
    .overrideProvider(GenerationStore).useValue(this.#generations)
    .overrideProvider(ProgressStore).useValue(this.surroundings.stored)
    .overrideProvider(StreamStatusReader).useValue(this.surroundings.ingestion)
    .overrideProvider(LetterStore).useValue(this.#letters)
    .overrideProvider(SearchStore).useValue(this.#searches)
    .overrideProvider(RecountStore).useValue(this.recounts)
    .overrideProvider(CassandraRequestKeys).useValue(this.requestKeys)
    .overrideProvider(WindowCounter).useValue(this.counter)
    .overrideProvider(ServedTables).useValue(this.tables)
    .overrideProvider(ReplayStore).useValue(this.replays)
    .overrideProvider(REPLAY_KEYS).useValue(this.replayKeys)
    .overrideProvider(InclusionStore).useValue(this.inclusions)
    .overrideProvider(RangeBuilder).useValue(this.builder)
    .overrideProvider(CheckpointFolders).useValue(new CheckpointFolders(this.checkpoints))
    .overrideProvider(TopicAdmin).useValue({ ...this.#topics, health: () => Promise.resolve(), close: () => Promise.resolve() })
    .overrideProvider(TopicWriter).useValue({ ...this.#markers, close: () => Promise.resolve() })

  /** What replays read and change. */
  get aroundReplays(): ReplaySurroundings {
    const { stored, ingestion, topics, markers } = this.surroundings
    return { generations: this.#generations, inclusions: this.inclusions, stored, ingestion, topics, markers, builder: this.builder, tables: this.tables, clock: { now: () => this.now, sleep: (ms) => { this.now += ms; this.onSleep(); return new Promise((resolve) => { setImmediate(resolve) }) } } }
  }

  add(stream: StreamKey, generation: Partial<Generation> & Pick<Generation, 'generation' | 'state' | 'planHash'>): void {
    const all = this.generations.get(streamLabel(stream)) ?? []
    this.generations.set(streamLabel(stream), [{ kind: 'plan', checkpoint: `/checkpoints/${streamLabel(stream)}.g${generation.generation}`, floor: null, createdAt: this.now, ...generation }, ...all])
  }

  #set(stream: StreamKey, generation: number, change: Partial<Generation>): void {
    const all = this.generations.get(streamLabel(stream)) ?? []
    this.generations.set(streamLabel(stream), all.map((one) => (one.generation === generation ? { ...one, ...change } : one)))
  }

  readonly #generations: Surroundings['generations'] & ReplaySurroundings['generations'] = {
    read: (stream) => this.#cassandra(() => ({ generations: this.generations.get(streamLabel(stream)) ?? [], revision: this.revisions.get(streamLabel(stream)) ?? null })),
    list: (stream) => this.#cassandra(() => this.generations.get(streamLabel(stream)) ?? []),
    allocate: (stream, { kind, planHash, checkpoint, range, included, incarnation = 0 }: NewGeneration) => this.#cassandra(() => {
      const generation = Math.max(0, ...(this.generations.get(streamLabel(stream)) ?? []).map((one) => one.generation)) + 1
      this.add(stream, { generation, kind, planHash, state: 'building', checkpoint: typeof checkpoint === 'string' ? checkpoint : checkpoint(generation), ...(range && { range }), ...(included && { included }), ...(incarnation > 0 && { incarnation }) })
      return (this.generations.get(streamLabel(stream)) as [Generation])[0]
    }),
    promote: (stream, generation, options?: Promotion) => this.#cassandra(() => {
      const label = streamLabel(stream)
      const all = this.generations.get(label) ?? []
      const { together = [], revision } = options ?? {}
      const targets = all.filter((one) => [generation, ...together].includes(one.generation))
      if (targets.every(({ state }) => state === 'served')) return
      if (targets.some(({ state }) => state !== 'building') || (revision !== undefined && revision !== (this.revisions.get(label) ?? null))) throw new CassandraError('cassandra_generation_moved', 'Another one was promoted, says the test.')
      for (const other of replacedBy(targets, all)) this.#set(stream, other.generation, { state: 'retired' })
      for (const target of targets) this.#set(stream, target.generation, { state: 'served', promotedAt: this.now })
      this.revisions.set(label, (this.revisions.get(label) ?? 0) + 1)
    }),
    retire: (stream, generation) => this.#cassandra(() => { this.#set(stream, generation, { state: 'retired' }) }),
    setFloor: (stream, generation, floor) => this.#cassandra(() => { this.#set(stream, generation, { floor }) }),
  }

  readonly #topics: Surroundings['topics'] = {
    endOffsets: () => (this.isKafkaAway ? Promise.reject(new KafkaError('kafka_unreachable', 'Kafka is away, says the test.')) : Promise.resolve(this.ends)),
    beginningOffsets: () => Promise.resolve(this.begins),
    readRange: (_, partition, from, to) => this.refusesRanges ? Promise.reject(new KafkaError('kafka_range_gone', 'Gone, says the test.')) : Promise.resolve(this.records.filter(({ offset, headers }) => offset >= from && offset < to && (headers['partition'] ?? '0') === String(partition))),
  }

  readonly #markers: Surroundings['markers'] = {
    send: ({ topic, messages }: TopicSend) => {
      for (const { value, partition } of messages) this.markers.push({ topic, partition, marker: decodeMarker(value) })
      return Promise.resolve([])
    },
  }

  readonly #letters: Surroundings['letters'] = {
    writeDead: (_, letters) => this.#cassandra(() => { this.dead.push(...letters) }),
  }

  readonly #searches: Surroundings['searches'] = {
    read: (_, generation) => this.#cassandra(() => this.searched.get(generation) ?? {}),
    write: (_, generation, offsets) => this.#cassandra(() => { this.searched.set(generation, offsets) }),
  }

  async #cassandra<T>(answer: () => T): Promise<T> {
    await Promise.resolve()
    if (this.isCassandraAway) throw new CassandraError('cassandra_unreachable', 'Cassandra is away, says the test.')
    return answer()
  }
}
