/** Offsets of one topic by partition. Kafka's offsets stay far below 2^53. */
export type Offsets = Readonly<Record<string, number>>

/** What a query tells of the last batch it has finished, from the JSON of `lastProgress`. */
export interface QueryProgress {
  readonly runId: string
  readonly batchId: number
  /** False for a report without a batch, which an idle query makes now and then: its figures are those of the batch before. */
  readonly isBatch: boolean
  /** When the batch began, ISO 8601. */
  readonly timestamp: string
  readonly inputRows: number
  readonly processedRowsPerSecond: number
  readonly durationMs: number
  /** Where the batch began: the first offset of it by partition. Empty for the first batch of all, which began at the topic's beginning. */
  readonly from: Offsets
  /** Next offset of the source topic by partition: everything below is aggregated, written and committed. */
  readonly committed: Offsets
  /** Next offset at the end of the topic, as the query saw it. */
  readonly latest: Offsets
  /** Rows of the aggregate's state and of the ids remembered, together. */
  readonly stateRows: number
  readonly droppedByWatermark: number
  readonly duplicates: number
  /** What `collectMetrics` reported, by its name. */
  readonly observed: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/** The parts of Spark's report that are read. A rate of an empty batch is left out, or NaN or Infinity as text. */
interface ProgressJson {
  readonly runId?: string
  readonly batchId?: number
  readonly timestamp?: string
  readonly batchDuration?: number
  readonly durationMs?: { readonly addBatch?: number }
  readonly sources?: readonly SourceJson[]
  readonly stateOperators?: readonly StateJson[]
  readonly observedMetrics?: Readonly<Record<string, ObservedJson>>
}

interface SourceJson {
  /** `{"trades.v1":{"0":812}}` as JSON inside the JSON. */
  readonly startOffset?: string | null
  readonly endOffset?: string | null
  readonly latestOffset?: string | null
  readonly numInputRows?: number
  readonly processedRowsPerSecond?: number | string
}

interface StateJson {
  readonly operatorName?: string
  readonly numRowsTotal?: number
  readonly numRowsDroppedByWatermark?: number
  readonly customMetrics?: Readonly<Record<string, number>>
}

/** A row and its schema. */
interface ObservedJson {
  readonly values?: readonly unknown[]
  readonly schema?: { readonly fields?: readonly { readonly name: string }[] }
}

/** Reads one progress report. A query reports when it has committed a batch, and now and then while it is idle. */
export function queryProgress(json: string, topic: string): QueryProgress {
  const report = JSON.parse(json) as ProgressJson
  const sources = report.sources ?? []
  const states = report.stateOperators ?? []
  const ofStates = (of: (state: StateJson) => number | undefined) => sum(states.map(of))
  return {
    runId: report.runId ?? '',
    batchId: report.batchId ?? -1,
    isBatch: report.durationMs?.addBatch !== undefined,
    timestamp: report.timestamp ?? '',
    inputRows: sum(sources.map(({ numInputRows }) => numInputRows)),
    processedRowsPerSecond: sum(sources.map(({ processedRowsPerSecond }) => processedRowsPerSecond)),
    durationMs: report.batchDuration ?? 0,
    from: offsetsOf(sources, topic, 'startOffset'),
    committed: offsetsOf(sources, topic, 'endOffset'),
    latest: offsetsOf(sources, topic, 'latestOffset'),
    stateRows: ofStates(({ numRowsTotal }) => numRowsTotal),
    droppedByWatermark: ofStates(({ numRowsDroppedByWatermark }) => numRowsDroppedByWatermark),
    duplicates: ofStates(({ customMetrics }) => customMetrics?.['numDroppedDuplicateRows']),
    observed: Object.fromEntries(Object.entries(report.observedMetrics ?? {}).map(([name, metrics]) => [name, observedOf(metrics)])),
  }
}

const sum = (parts: readonly unknown[]) => parts.reduce<number>((total, part) => total + (typeof part === 'number' && Number.isFinite(part) ? part : 0), 0)

const observedOf = ({ values = [], schema }: ObservedJson) => Object.fromEntries((schema?.fields ?? []).map(({ name }, index) => [name, values[index]]))

function offsetsOf(sources: readonly SourceJson[], topic: string, which: 'startOffset' | 'endOffset' | 'latestOffset'): Offsets {
  const found: Record<string, number> = {}
  for (const source of sources) {
    const json = source[which]
    if (typeof json === 'string') Object.assign(found, (JSON.parse(json) as Record<string, Record<string, number>>)[topic])
  }
  return found
}
