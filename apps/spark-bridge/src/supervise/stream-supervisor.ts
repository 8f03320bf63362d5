import { firstTopic, isComparable, type StreamStatus, type TopicState } from '@millrace/cassandra'
import { encodeMarker } from '@millrace/kafka'
import { hasPassed } from '@millrace/service'
import { planHash, SparkError, windowPlan, type Offsets, type QueryIdentity, type WindowPlan } from '@millrace/spark-connect'
import { eventTopic, MillraceError, streamLabel, windowTopic, type StreamDeclaration } from '@millrace/stream-kit'
import type { Generation } from '../ports.ts'
import { markerSent, queryAdopted, queryStopped, streamHeld } from '../spark-bridge.signals.ts'
import { carryOut } from './carry-out.ts'
import { CatchUps } from './catch-ups.ts'
import { decideMarker, markerKey, passPublished } from './decide-marker.ts'
import { decideQueries } from './decide-queries.ts'
import { DroppedSearch } from './dropped-search.ts'
import { MalformedSearch } from './malformed-search.ts'
import { offsetsOf } from './offsets.ts'
import { QueryRun } from './query-run.ts'
import { isOfServer, type RunningQuery, type Surroundings } from './surroundings.ts'

/** Only this bridge changes generations, so what it has read holds for a while. */
const generationsFreshMs = 5_000
const endsFreshMs = 5_000

/**
 * Keeps the queries of one stream as they should be. A round looks at everything, decides, acts, and remembers what the
 * next round and the HTTP answers need. What is away for a while (Cassandra, Kafka) holds up only what needs it.
 */
export class StreamSupervisor {
  readonly label: string
  readonly plan: WindowPlan
  readonly planHash: string
  readonly runs = new Map<number, QueryRun>()
  /** Those that have a query of their own; null before they are known. */
  generations: readonly Generation[] | null = null
  /** Where the topic ended when it was last looked at. */
  ends: Offsets = {}
  /** What held up the last round, in part. */
  trouble: MillraceError | null = null
  isRebuildAsked = false
  /** As ingestion has last said; undefined before it has. */
  topic: TopicState | undefined
  readonly #restartsAsked = new Set<number>()
  #malformed: MalformedSearch
  #dropped: DroppedSearch
  readonly #catchUps = new CatchUps()
  /** Those of a closed range have been computed once, and need no query. */
  #ranges: readonly Generation[] = []
  #generationsReadAt = -Infinity
  #endsReadAt = -Infinity

  constructor(readonly stream: StreamDeclaration, private readonly around: Surroundings) {
    this.label = streamLabel(stream)
    this.plan = windowPlan(stream)
    this.planHash = planHash(this.plan)
    this.#malformed = new MalformedSearch(stream, around)
    this.#dropped = new DroppedSearch(stream, around.topics, around.recounts)
  }

  /** Throws SparkError when the server itself cannot be asked; all else is remembered as `trouble`. */
  async round(found: readonly RunningQuery[], now: number): Promise<void> {
    const troubles: MillraceError[] = []
    const attempt = async <T>(step: () => Promise<T>): Promise<T | undefined> => {
      try {
        return await step()
      } catch (error) {
        if (!(error instanceof MillraceError) || isOfServer(error)) throw error
        troubles.push(error)
        return undefined
      }
    }
    await attempt(() => this.#readGenerations(now))
    await this.#follow(found, now)
    const active = await this.#stopForRestart(found)
    const ingestion = await attempt(async () => ({ status: await this.around.ingestion.read(this.stream) }))
    const status = ingestion?.status
    if (ingestion) this.#learn(status?.topic ?? firstTopic)
    const ends = await attempt(() => this.#readEnds(now))
    const caughtUp = ends && ingestion ? await attempt(() => this.#caughtUp(ends, status, now)) : undefined
    for (const action of this.#decide(active, { caughtUp, isIngestionKnown: ingestion !== undefined }, now)) await attempt(() => carryOut(action, { supervisor: this, around: this.around, active, status, now }))
    for (const run of this.runs.values()) if (this.isComparable(run.generation) && !this.#isToWait(run)) await attempt(() => this.#mark(run, status))
    await attempt(() => this.#malformed.step(now))
    await attempt(() => this.#dropped.step(() => this.#finalUntil()))
    this.#tell(troubles[0] ?? null)
  }

  /** The generation that readers get, or the one that is built for them. */
  get current(): Generation | undefined {
    return this.wanted.find(({ state }) => state === 'served') ?? this.wanted[0]
  }

  /** Generations whose queries are looked after, newest first. */
  get wanted(): Generation[] {
    const newest = (state: Generation['state']) => (this.generations ?? []).filter((generation) => generation.state === state).sort((a, b) => b.generation - a.generation).slice(0, 1)
    return [...newest('building'), ...newest('served')].sort((a, b) => b.generation - a.generation)
  }

  /** Whether the offsets of a generation and those that ingestion names are of one log: not after the topic was lost. */
  isComparable(generation: number): boolean {
    const known = this.generations?.find((one) => one.generation === generation)
    return this.topic === undefined || isComparable(known ?? {}, this.topic)
  }

  runOf(generation: number): QueryRun {
    const run = this.runs.get(generation) ?? new QueryRun(this.label, generation)
    this.runs.set(generation, run)
    return run
  }

  /** An operator says: start it again, whatever has stopped it; or build it anew. The next round does it. */
  restart(generation: number, { rebuild }: { rebuild: boolean }): void {
    if (rebuild) this.isRebuildAsked = true
    else this.#restartsAsked.add(generation)
  }

  /** After a change of generations: the next round reads them. */
  forgetGenerations(): void {
    this.#generationsReadAt = -Infinity
  }

  /** The server is away, or another one: no query is known to run. */
  lostServer(): void {
    for (const run of this.runs.values()) run.lost()
  }

  async #readGenerations(now: number): Promise<void> {
    if (!hasPassed(generationsFreshMs, { since: this.#generationsReadAt, now })) return
    const all = await this.around.generations.list(this.stream)
    this.generations = all.filter(({ range }) => range === undefined)
    this.#ranges = all.filter(({ range }) => range !== undefined)
    this.#generationsReadAt = now
    const kept = new Set(this.generations.filter(({ state }) => state !== 'retired').map(({ generation }) => generation))
    for (const generation of this.runs.keys()) if (!kept.has(generation)) this.runs.delete(generation)
    this.#malformed.keep(kept)
    this.#catchUps.keep(kept)
  }

  /** Adopts what runs, finds out why something does not run any more, and takes the reports. */
  async #follow(active: readonly RunningQuery[], now: number): Promise<void> {
    for (const generation of this.wanted) {
      const run = this.runOf(generation.generation)
      const found = active.find((query) => query.generation === generation.generation && query.planHash === generation.planHash)
      if (found && run.query?.runId !== found.identity.runId) {
        run.begun(found.identity)
        queryAdopted({ stream: this.label, query: found.name })
      }
      if (!found && run.query) await this.#askWhyEnded(run, run.query, now)
      if (!run.query) continue
      const { batches, dropped } = run.take(await this.around.server.progress(run.query, eventTopic(this.stream)))
      this.#malformed.took(generation.generation, batches, run.committed)
      for (const { from, committed } of dropped) this.#dropped.add({ generation: generation.generation, from, to: committed })
    }
  }

  /** What was to be looked up in a log that is gone cannot be any more. */
  #learn(topic: TopicState): void {
    if (this.topic && this.topic.incarnation !== topic.incarnation) {
      this.#malformed = new MalformedSearch(this.stream, this.around)
      this.#dropped = new DroppedSearch(this.stream, this.around.topics, this.around.recounts)
    }
    this.topic = topic
  }

  /** Of the generation that readers get. */
  async #finalUntil(): Promise<number | undefined> {
    const { current } = this
    return current && (await this.around.stored.read(this.stream, current.generation))?.finalUntil
  }

  /** What is left running after the queries that an operator wants to begin again are stopped. */
  async #stopForRestart(active: readonly RunningQuery[]): Promise<readonly RunningQuery[]> {
    const asked = [...this.#restartsAsked]
    for (const generation of asked) {
      const run = this.runOf(generation)
      if (run.query) {
        await this.around.server.stop(run.query)
        queryStopped({ stream: this.label, query: run.name, why: 'a restart was asked for' })
      }
      run.released()
      this.#restartsAsked.delete(generation)
    }
    return active.filter(({ generation }) => !asked.includes(generation))
  }

  async #askWhyEnded(run: QueryRun, query: QueryIdentity, now: number): Promise<void> {
    try {
      const failure = await this.around.server.exception(query)
      if (failure) run.failed(failure, now)
      else run.lost()
    } catch (error) {
      if (!(error instanceof SparkError) || isOfServer(error)) throw error
      run.failed(error, now)
    }
  }

  /** Where the topic ends now: each round while something is built, else now and then, for the lag that is shown. */
  async #readEnds(now: number): Promise<Offsets | undefined> {
    const isBuilding = this.wanted.length > 1
    if (!isBuilding && !hasPassed(endsFreshMs, { since: this.#endsReadAt, now })) return undefined
    // Also where it fails: without Kafka each look takes seconds, which the queries should not wait for every round.
    this.#endsReadAt = now
    this.ends = offsetsOf(await this.around.topics.endOffsets(eventTopic(this.stream)))
    return this.ends
  }

  /** The generations that are being built beside a served one and have caught up with it. */
  async #caughtUp(ends: Offsets, status: StreamStatus | undefined, now: number): Promise<Set<number>> {
    const served = this.wanted.find(({ state }) => state === 'served')?.generation
    const building = served !== undefined ? this.wanted.filter(({ state }) => state === 'building').map(({ generation }) => this.runOf(generation)) : []
    const stored = async (generation: number): Promise<Offsets> => (await this.around.stored.read(this.stream, generation))?.offsets ?? {}
    return await this.#catchUps.done(building, { now, ends, published: status?.publishedOffsets ?? {}, stored, served: served !== undefined && this.isComparable(served) ? served : undefined })
  }

  #decide(active: readonly RunningQuery[], known: { caughtUp: ReadonlySet<number> | undefined; isIngestionKnown: boolean }, now: number) {
    if (!this.generations) return []
    const holds = new Map([...this.runs].flatMap(([generation, { hold }]) => (hold ? [[generation, hold] as const] : [])))
    const { generations, planHash: hash, isRebuildAsked } = this
    const { caughtUp = new Set<number>(), isIngestionKnown } = known
    return decideQueries({ ranges: this.#ranges, now, planHash: hash, retentionMs: this.stream.retentionMs, generations, active, holds, caughtUp, isIngestionKnown: isIngestionKnown && this.topic?.isReplaced !== true, isRebuildAsked, incarnation: this.topic?.incarnation })
  }

  /** Nothing more becomes final in the served generation while another is about to take its place. */
  #isToWait({ generation }: QueryRun): boolean {
    return this.#catchUps.isAwaited && this.wanted.some((wanted) => wanted.state === 'served' && wanted.generation === generation)
  }

  /** To every partition: whoever reads one of them learns how far all windows before the marker go. */
  async #mark(run: QueryRun, status: StreamStatus | undefined): Promise<void> {
    const { reached, waiting } = passPublished(run.published, status, run.committed)
    const marker = decideMarker({ stream: this.stream, generation: run.generation, status: reached, committed: run.committed, last: run.lastMarker })
    if (marker) {
      const record = encodeMarker(marker)
      await this.around.markers.send({ topic: windowTopic(this.stream), messages: Array.from({ length: this.stream.partitions }, (_, partition) => ({ ...record, partition })) })
      run.lastMarker = markerKey(marker)
      markerSent({ stream: this.label, generation: run.generation, watermark: marker.watermark })
    }
    run.published = waiting
  }

  /** Once when something begins to hold supervision up, not every second. */
  #tell(trouble: MillraceError | null): void {
    if (trouble && trouble.code !== this.trouble?.code) streamHeld({ stream: this.label, code: trouble.code, error: trouble })
    this.trouble = trouble
  }
}
