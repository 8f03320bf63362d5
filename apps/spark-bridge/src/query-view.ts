import { SparkError, type Offsets } from '@millrace/spark-connect'
import type { MillraceError } from '@millrace/stream-kit'
import { isOfOtherTopic } from './supervise/decide-queries.ts'
import { furthest, lagOf } from './supervise/offsets.ts'
import type { QueryState } from './supervise/retry-plan.ts'
import type { StreamSupervisor } from './supervise/stream-supervisor.ts'

/** One query as `GET /v1/queries` shows it. */
export interface QueryView {
  readonly name: string
  readonly stream: string
  readonly version: number
  /** Null before the stream has its first generation. */
  readonly generation: number | null
  readonly state: QueryState
  readonly runId: string | null
  readonly lastError: { readonly code: string; readonly message: string; readonly remedy: string } | null
  /** When a query that has ended is started again, ISO 8601; null when it runs, or waits for an operator. */
  readonly nextTryAt: string | null
  /** Events by partition that are on the topic and not in windows yet. */
  readonly lag: Offsets
  readonly batch: { readonly id: number; readonly inputRows: number; readonly processedRowsPerSecond: number; readonly durationMs: number } | null
  readonly stateRows: number
  /** Since this bridge began to look. */
  readonly droppedByWatermark: number
  readonly duplicates: number
  readonly malformed: number
  /** Next offset of the stream's topic by partition. */
  readonly committedOffsets: Offsets
}

/** The queries of a stream; without a generation yet, what keeps it from its first. */
export function queryViews(supervisor: StreamSupervisor, serverFailure: SparkError | null): QueryView[] {
  const { stream, label, wanted, planHash, topic, ends, trouble } = supervisor
  const about = { stream: stream.name, version: stream.version }
  if (wanted.length === 0) return [{ ...about, ...nothingYet, name: label, state: 'starting', lastError: errorView(serverFailure ?? trouble) }]
  return wanted.map((generation): QueryView => {
    const run = supervisor.runOf(generation.generation)
    const { name, query, batch, committed, latest, totals, hold } = run
    return {
      ...about,
      name,
      generation: generation.generation,
      state: serverFailure ? 'restarting' : run.state(generation, isOfOtherTopic(generation, { incarnation: topic?.incarnation }) ? null : planHash),
      runId: query?.runId ?? null,
      lastError: errorView(serverFailure ?? run.failure ?? trouble),
      nextTryAt: typeof hold?.until === 'number' ? new Date(hold.until).toISOString() : null,
      lag: lagOf(committed, furthest(latest, ends)),
      batch: batch && { id: batch.batchId, inputRows: batch.inputRows, processedRowsPerSecond: batch.processedRowsPerSecond, durationMs: batch.durationMs },
      stateRows: batch?.stateRows ?? 0,
      ...totals,
      committedOffsets: committed,
    }
  })
}

const nothingYet = { generation: null, runId: null, nextTryAt: null, lag: {}, batch: null, stateRows: 0, droppedByWatermark: 0, duplicates: 0, malformed: 0, committedOffsets: {} }

const errorView = (error: MillraceError | null): QueryView['lastError'] =>
  error && { code: error.code, message: error.message, remedy: error instanceof SparkError ? error.remedy : 'It is tried again by itself every second; mend what the message names.' }
