import { spanOf, viewPath, type StreamDeclaration, type ViewDeclaration } from '@millrace/stream-kit'
import { writeValue } from './field-values.ts'

/** Offsets by partition: the next one to come. */
export type Offsets = Readonly<Record<string, number>>

/** What ingestion has counted since the stream's first record. */
export interface StreamCounts {
  readonly fetched: number
  readonly fresh: number
  readonly repeated: number
  readonly rejected: number
  readonly late: number
  readonly published: number
}

/** The state of a stream as it is stored. Instants are epoch milliseconds. */
export interface StreamStatus {
  readonly highestEventTime: number | null
  readonly watermark: number | null
  readonly isPaused: boolean
  readonly counts: StreamCounts
  readonly published: Offsets
  /** The served generation and how far its rows are complete; null before the first one is served. */
  readonly served: { readonly generation: number; readonly finalUntil: number | null; readonly stored: Offsets; readonly storedAt: number | null } | null
}

/** The resource of `GET /v1/streams/<stream>`. `streamSchema` describes it. */
export function streamAnswer(stream: StreamDeclaration, status: StreamStatus, now: number): Readonly<Record<string, unknown>> {
  const { served, published } = status
  const lag = Object.fromEntries(Object.entries(published).map(([partition, offset]) => [partition, Math.max(0, offset - (served?.stored[partition] ?? 0))]))
  return {
    name: stream.name,
    version: stream.version,
    summary: stream.summary,
    paused: status.isPaused,
    highestEventTime: instantOrNull(status.highestEventTime),
    watermark: instantOrNull(status.watermark),
    finalUntil: instantOrNull(served?.finalUntil ?? null),
    generation: served?.generation ?? null,
    counts: status.counts,
    offsets: { published, stored: served?.stored ?? {} },
    lag,
    freshness: { storedAt: instantOrNull(served?.storedAt ?? null), behindMs: behindMs(lag, served?.storedAt ?? null, now) },
    views: stream.views.filter(({ isHidden }) => !isHidden).map((view) => viewAnswer(stream, view)),
  }
}

/** How long ago the rows last held everything published: 0 while they do. */
function behindMs(lag: Offsets, storedAt: number | null, now: number): number | null {
  if (Object.values(lag).every((count) => count === 0)) return 0
  return storedAt === null ? null : Math.max(0, now - storedAt)
}

const instantOrNull = (ms: number | null): unknown => (ms === null ? null : writeValue(ms, 'instant'))

function viewAnswer(stream: StreamDeclaration, view: ViewDeclaration): Readonly<Record<string, unknown>> {
  const { kind, sizeMs, slideMs } = view.window
  return {
    name: view.name,
    summary: view.summary,
    path: viewPath(stream, view),
    window: { kind, size: spanOf(sizeMs), slide: spanOf(slideMs) },
    by: view.by,
    measures: view.measures.map(({ name, type }) => ({ name, ...type })),
  }
}
