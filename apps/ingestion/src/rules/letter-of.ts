import type { RunRange } from '@millrace/cassandra'
import type { Letter } from '@millrace/kafka'
import type { Judged } from './judge-records.ts'

/** More of a record than this is not kept in a letter; its detail says how long it was. */
export const maxLetterBytes = 262_144

/** A record that is neither on the stream's topic nor a mere repetition. */
export type Kept = Extract<Judged, { verdict: 'late' | 'revised' | 'rejected' }>

interface LetterContext {
  readonly run: string
  readonly watermark: number | null
  /** Of a backfill: what it finds is kept with a reason of its own. */
  readonly range: RunRange | null
}

/** The letter of a record that is kept apart. */
export function letterOf(judged: Kept, { run, watermark, range }: LetterContext): Letter {
  const { record } = judged
  const bytes = record.bytes()
  const { reason, detail } = judged.verdict === 'rejected' ? judged.record : reasonOf(judged, { watermark, range })
  return {
    key: judged.verdict === 'rejected' ? JSON.stringify(record.origin) : record.id,
    value: bytes.subarray(0, maxLetterBytes),
    reason,
    detail: bytes.length > maxLetterBytes ? `${detail} (the first ${maxLetterBytes} of ${bytes.length} bytes are kept)` : detail,
    origin: record.origin,
    ...(record.eventTime !== null && { eventTime: record.eventTime }),
    run,
  }
}

const iso = (ms: number | null) => (ms === null ? 'none' : new Date(ms).toISOString())

function reasonOf({ verdict, record: { eventTime } }: Kept, { watermark, range }: Omit<LetterContext, 'run'>): { reason: string; detail: string } {
  if (verdict !== 'late') return { reason: verdict, detail: `an event of this id was accepted before with other content; this one is of ${iso(eventTime)}` }
  if (range) return { reason: 'backfill', detail: `the event is of ${iso(eventTime)} and was not seen before; it was found by a backfill from ${iso(range.from)} to ${iso(range.to)}` }
  return { reason: 'late', detail: `the event is of ${iso(eventTime)}, behind the watermark ${iso(watermark)}` }
}
