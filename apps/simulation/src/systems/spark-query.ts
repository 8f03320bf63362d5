import { encodeWindow, type ReadRecord, type WireRecord } from '@millrace/kafka'
import { SparkError, type Offsets, type QueryIdentity, type QueryProgress } from '@millrace/spark-connect'
import { eventTopic, windowTopic } from '@millrace/stream-kit'
import { windowKey, windowsOf } from '../oracle/windows-of.ts'
import type { World } from '../world.ts'

interface WindowState {
  readonly view: string
  readonly group: readonly string[]
  readonly start: number
  readonly end: number
  events: number
  birds: number
}

/** What a batch reads: written down before it runs, so that a batch that was killed is run again over the same offsets. */
interface Plan {
  readonly to: Offsets
}

/** What survives a query: the batch that was planned, and the state after the last one that was committed. */
export class Checkpoint {
  batch = 0
  committed: Offsets = {}
  planned: Plan | null = null
  ids: ReadonlySet<string> = new Set()
  windows: ReadonlyMap<string, WindowState> = new Map()
  latest = -Infinity
}

interface Computed {
  readonly ids: Set<string>
  readonly windows: Map<string, WindowState>
  readonly latest: number
  readonly rows: WireRecord[]
  readonly duplicates: number
  readonly dropped: number
  readonly read: number
}

/**
 * One run of a stream's query. Per batch: plan the offsets, remove duplicates by event id within the watermark, add up
 * windows, write the rows of those that have changed, commit. Rows are written at least once; the commit comes after them.
 */
export class SparkQuery {
  reports: QueryProgress[] = []
  readonly #world: World
  readonly #topic: string
  readonly #generation: number
  #isAlive = true
  #isDue = false

  constructor(world: World, readonly identity: QueryIdentity, private readonly checkpoint: Checkpoint, private readonly fail: (failure: SparkError) => void) {
    this.#world = world
    this.#topic = eventTopic(world.stream)
    this.#generation = Number(/\.g(\d+)@/.exec(identity.name)?.[1])
  }

  begin(): void {
    this.#report({ isBatch: false, inputRows: 0, duplicates: 0, droppedByWatermark: 0 })
    this.#next(300)
  }

  /** Kafka has more: a batch is due at the next trigger. */
  noticed(topic: string): void {
    if (topic === this.#topic) this.#next(this.#world.random.between(200, 1_500))
  }

  kill(): void {
    this.#isAlive = false
  }

  #next(ms: number): void {
    if (this.#isDue || !this.#isAlive) return
    this.#isDue = true
    this.#world.time.after(ms, () => {
      this.#isDue = false
      if (this.#isAlive) this.#plan()
    })
  }

  #plan(): void {
    const { broker, faults, random, stream, time } = this.#world
    if (this.#world.isAway('kafka')) {
      this.fail(new SparkError('spark_broker_unreachable', 'Kafka is away.'))
      return
    }
    const ends: Record<string, number> = {}
    const listed = (partition: number): void => { ends[partition] = broker.log(this.#topic, partition).length }
    const run = (): void => {
      if (!this.#isAlive) return
      for (let partition = 0; partition < stream.partitions; partition += 1) if (ends[partition] === undefined) listed(partition)
      this.checkpoint.planned ??= { to: ends }
      this.#run(this.checkpoint.planned)
    }
    // Partitions are listed one after the other; what comes in between is seen in part.
    if (faults.happens('spark: offsets of a split listing')) {
      listed(random.below(stream.partitions))
      time.after(1, run)
    } else run()
  }

  #run({ to }: Plan): void {
    const { faults, random, time } = this.#world
    const { committed } = this.checkpoint
    if (Object.entries(to).every(([partition, end]) => (committed[partition] ?? 0) >= end)) {
      this.checkpoint.planned = null
      return
    }
    if (faults.happens('spark: batch killed before it emits')) {
      this.#die('before it emits')
      return
    }
    const computed = this.#compute(to)
    const rows = random.shuffled(computed.rows)
    const twice = faults.happens('spark: rows sent twice') ? rows.slice(0, random.below(rows.length + 1)) : []
    const half = rows.length > 1 && faults.happens('spark: batch killed half-way through its rows') ? random.below(rows.length + 1) : null
    time.after(random.between(20, 400), () => {
      if (!this.#isAlive) {
        if (rows.length > 0 && faults.happens('spark: rows of a killed batch arrive late')) time.after(random.below(8_000), () => { this.#emit(rows) })
        return
      }
      this.#emit([...rows.slice(0, half ?? rows.length), ...(half === null ? twice : [])])
      if (half !== null) {
        if (faults.happens('spark: rows of a killed batch arrive late')) time.after(random.below(8_000), () => { this.#emit(rows.slice(half)) })
        this.#die(`after ${half} of ${rows.length} rows`)
      } else if (faults.happens('spark: batch killed between rows and commit')) this.#die('between rows and commit')
      else time.after(random.below(100), () => { if (this.#isAlive) this.#commit(to, computed) })
    })
  }

  #emit(rows: readonly WireRecord[]): void {
    this.#world.broker.append(windowTopic(this.#world.stream), rows)
  }

  #commit(to: Offsets, { ids, windows, latest, duplicates, dropped, read }: Computed): void {
    const { checkpoint } = this
    const from = checkpoint.committed
    Object.assign(checkpoint, { batch: checkpoint.batch + 1, committed: to, planned: null, ids, windows, latest })
    this.#world.tell('spark', `g${this.#generation} commits batch ${checkpoint.batch} to ${JSON.stringify(to)}`)
    this.#report({ isBatch: true, from, inputRows: read, duplicates, droppedByWatermark: dropped })
    const ends = this.#world.broker.ends(this.#topic)
    if (Object.entries(ends).some(([partition, end]) => end > (to[partition] ?? 0))) this.#next(200)
  }

  #die(when: string): void {
    this.#world.tell('spark', `g${this.#generation} is killed ${when}`)
    this.fail(new SparkError('spark_failed', `killed ${when}`))
  }

  #report(what: Pick<QueryProgress, 'isBatch' | 'inputRows' | 'duplicates' | 'droppedByWatermark'> & { readonly from?: Offsets }): void {
    const { batch, committed, ids } = this.checkpoint
    this.reports = [...this.reports.slice(-9), {
      runId: this.identity.runId, batchId: batch, timestamp: '', processedRowsPerSecond: 1, durationMs: 100, from: {}, latest: this.#world.broker.ends(this.#topic),
      committed: this.#world.sabotage.committed?.(committed, this.#world) ?? committed, stateRows: ids.size, observed: {}, ...what,
    }]
  }

  #compute(to: Offsets): Computed {
    const { broker, sabotage, stream, watch } = this.#world
    const { committed, ids: known, windows: before, latest: seen } = this.checkpoint
    const watermark = seen - stream.latenessMs - stream.slackMs
    const ids = new Set(known)
    const windows = new Map(before)
    const changed = new Set<string>()
    let [latest, duplicates, dropped, read] = [seen, 0, 0, 0]
    for (const [partition, end] of Object.entries(to)) {
      for (const record of broker.log(this.#topic, Number(partition)).slice(committed[partition] ?? 0, end)) {
        read += 1
        const { id, event, time } = eventIn(record)
        latest = Math.max(latest, time)
        if (time < watermark) {
          dropped += 1
          watch.dropped(id, this.#generation, known.has(id))
          continue
        }
        if (ids.has(id) && sabotage.isDedupOff !== true) {
          duplicates += 1
          continue
        }
        ids.add(id)
        for (const { view, group, start, end: until } of windowsOf(stream, event)) {
          const key = windowKey({ view, group, start })
          const state = windows.get(key)
          windows.set(key, { view, group, start, end: until, events: (state?.events ?? 0) + 1, birds: (state?.birds ?? 0) + (event.count ?? 0) })
          changed.add(key)
        }
      }
    }
    return { ids, windows, latest, duplicates, dropped, read, rows: [...changed].flatMap((key) => rowOf(windows.get(key), this.#generation)) }
  }
}

function eventIn({ value, headers }: ReadRecord): { id: string; event: { bird: string; count?: number; seenAt: number }; time: number } {
  const event = JSON.parse(value?.toString() ?? '') as { bird: string; count?: number; seenAt: number }
  return { id: headers['ce_id'] ?? '', event, time: event.seenAt }
}

function rowOf(state: WindowState | undefined, generation: number): WireRecord[] {
  if (!state) return []
  const { view, group, start, end, events, birds } = state
  return [encodeWindow({ view, group, start, end, events, generation, measures: view === 'per-hour' ? { birds } : {} })]
}
