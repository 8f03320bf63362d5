import type { RunRange } from '@millrace/cassandra'
import type { StreamDeclaration } from '@millrace/stream-kit'
import { problem } from '../ingestion.problems.ts'

export interface RangeQuestion {
  readonly range: RunRange
  /** Null before the first event. */
  readonly watermark: number | null
  readonly now: number
}

const iso = (ms: number): string => new Date(ms).toISOString()

/**
 * Refuses a range that may not be pulled again: by the problem 400 or 409.
 *
 * It must end at the watermark or before. A backfill keeps what is new apart, as late. Behind the watermark that is what
 * any run would do with it; ahead of it the cursor would find the event later, know it, and never publish it.
 */
export function checkRange({ name, source, clockToleranceMs, trustSourceClock }: StreamDeclaration, { range: { from, to }, watermark, now }: RangeQuestion): void {
  if (!source.range) throw problem('no_range', { detail: `The source of ${name} does not say how a range is asked for. Declare \`range\` in its httpSource, beside \`request\`.` })
  if (!trustSourceClock && to > now + clockToleranceMs) throw problem('range_in_future', { detail: `The range from ${iso(from)} to ${iso(to)} ends in the future; it is ${iso(now)}. Send a \`to\` that has passed.`, errors: [{ field: 'to', detail: 'to lies in the future' }] })
  if (watermark !== null && to <= watermark) return
  throw problem('range_not_closed', {
    detail: watermark === null
      ? `${name} has no watermark yet: no event has come. A range can be pulled again when the watermark has passed it.`
      : `The watermark of ${name} is ${iso(watermark)}, and the range ends at ${iso(to)}. Send a \`to\` at or before the watermark, or wait until it has passed: what lies ahead of it is still to be found by the cursor.`,
    members: { watermark: watermark === null ? null : iso(watermark) },
  })
}
