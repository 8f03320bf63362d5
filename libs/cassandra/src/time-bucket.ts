import type { ViewDeclaration } from '@millrace/stream-kit'

type Bucketed = Pick<ViewDeclaration, 'bucket'>

const spanMs = { day: 86_400_000, hour: 3_600_000 } as const

/** The column that bounds a partition of a view's tables: a day, or an hour where a day of the view would be too large. */
export const bucketColumn = ({ bucket }: Bucketed): { readonly name: string; readonly type: string } => (bucket === 'day' ? { name: 'day', type: 'date' } : { name: 'hour', type: 'timestamp' })

/** The day (`YYYY-MM-DD`) or hour (epoch milliseconds) that a window starts in, in UTC. */
export const bucketOf = ({ bucket }: Bucketed, startMs: number): string | number => (bucket === 'day' ? dayOf(startMs) : floor(startMs, spanMs.hour))

/** The day in UTC of an instant, `YYYY-MM-DD`. */
export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, -'T00:00:00.000Z'.length)

/** The buckets that hold windows starting from `fromMs` to before `toMs`, newest first, each with its first instant. */
export function* bucketsBetween(view: Bucketed, fromMs: number, toMs: number): Generator<{ readonly bucket: string | number; readonly startMs: number }> {
  const step = spanMs[view.bucket]
  for (let startMs = floor(toMs - 1, step); startMs + step > fromMs; startMs -= step) yield { bucket: bucketOf(view, startMs), startMs }
}

const floor = (ms: number, step: number): number => Math.floor(ms / step) * step
