import type { Generation } from '../ports.ts'
import type { Offsets, QueryIdentity, QueryProgress, SparkError } from '@millrace/spark-connect'
import { intakeMetrics } from '@millrace/spark-connect'
import { batchFinished, eventsDropped, eventsMalformed, queryEnded, queryHalted, queryRecovered } from '../spark-bridge.signals.ts'
import type { Hold } from './decide-queries.ts'
import type { MarkerKey, PublishedStatus } from './decide-marker.ts'
import { furthest } from './offsets.ts'
import type { ReadBatch } from './searched.ts'
import { RetryPlan, stateAfter, type QueryState } from './retry-plan.ts'

/** What was counted since this bridge began to look. */
export interface QueryTotals {
  droppedByWatermark: number
  duplicates: number
  malformed: number
}

/** Batches that were not told of before; those among them that dropped events behind the watermark once more. */
export interface TakenBatches {
  readonly batches: readonly ReadBatch[]
  readonly dropped: readonly QueryProgress[]
}

/** What the bridge remembers of one generation's query, over all its runs. */
export class QueryRun {
  /** The run on the server; null while there is none. */
  query: QueryIdentity | null = null
  failure: SparkError | null = null
  hold: Hold | null = null
  /** The last finished batch. */
  batch: QueryProgress | null = null
  /** Next offsets: everything below is in windows on the windows topic. Survives the run, for the checkpoint does. */
  committed: Offsets = {}
  /** Where the topic ended, as the query saw it. */
  latest: Offsets = {}
  lastMarker: MarkerKey | undefined
  /** What was published and is not committed yet, oldest first. */
  published: readonly PublishedStatus[] = []
  readonly totals: QueryTotals = { droppedByWatermark: 0, duplicates: 0, malformed: 0 }
  readonly #stream: string
  readonly #retry: RetryPlan
  #reportedRun: string | null = null

  constructor(stream: string, readonly generation: number) {
    this.#stream = stream
    this.#retry = new RetryPlan()
  }

  get name(): string {
    return this.query?.name ?? `${this.#stream}.g${this.generation}`
  }

  begun(query: QueryIdentity): void {
    this.query = query
    this.hold = null
  }

  /** Takes reports, oldest first; those seen before change nothing. */
  take(reports: readonly QueryProgress[]): TakenBatches {
    const found = { batches: [] as ReadBatch[], dropped: [] as QueryProgress[] }
    for (const report of reports) {
      if (report.runId !== this.query?.runId) continue
      this.#reportedRun = report.runId
      this.committed = furthest(this.committed, report.committed)
      this.latest = furthest(this.latest, report.latest)
      if (report.isBatch && !this.#hasSeen(report)) {
        found.batches.push({ from: report.from, to: report.committed, isMalformed: this.#count(report) > 0 })
        if (report.droppedByWatermark > 0) found.dropped.push(report)
      }
      this.#works()
    }
    return found
  }

  /** The run has ended by itself, or could not begin. */
  failed(error: SparkError, now: number): void {
    const { code, remedy } = error
    const query = this.name
    this.query = null
    this.failure = error
    this.hold = this.#retry.after(code, now)
    if (this.hold.until === null) queryHalted({ stream: this.#stream, query, code, remedy, error })
    else queryEnded({ stream: this.#stream, query, code, waitMs: Math.round(this.hold.until - now), error })
  }

  /** The run is gone without a failure of its own: stopped, or lost with its server. It may start again at once. */
  lost(): void {
    this.query = null
  }

  /** An operator says to begin again. */
  released(): void {
    this.query = null
    this.hold = null
    this.#retry.reset()
  }

  /** `startsPlan`: the plan whose query is started again by itself; null: none is. */
  state({ state, planHash }: Generation, startsPlan: string | null): QueryState {
    if (this.failure) return stateAfter(this.failure.code)
    if (this.query === null) return planHash === startsPlan ? 'restarting' : 'stopped'
    if (this.#reportedRun !== this.query.runId) return 'starting'
    return state === 'building' ? 'building' : 'running'
  }

  #hasSeen({ runId, batchId }: QueryProgress): boolean {
    return this.batch?.runId === runId && batchId <= this.batch.batchId
  }

  /** Answers how many of its records were malformed. */
  #count(report: QueryProgress): number {
    const { batchId: batch, inputRows: rows, durationMs, droppedByWatermark, duplicates } = report
    const about = { stream: this.#stream, query: this.name, batch }
    const malformed = Number(report.observed[intakeMetrics]?.['malformed'] ?? 0)
    this.batch = report
    this.totals.duplicates += duplicates
    this.totals.malformed += malformed
    this.totals.droppedByWatermark += droppedByWatermark
    batchFinished({ ...about, rows, seconds: durationMs / 1_000 })
    if (malformed > 0) eventsMalformed({ ...about, count: malformed })
    if (droppedByWatermark > 0) eventsDropped({ ...about, count: droppedByWatermark })
    return malformed
  }

  /** Any report of the run, even of an idle one, says that it has reached its topic and its checkpoint. */
  #works(): void {
    if (this.failure) queryRecovered({ stream: this.#stream, query: this.name })
    this.failure = null
    this.#retry.reset()
  }
}
