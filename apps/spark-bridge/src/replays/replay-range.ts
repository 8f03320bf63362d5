import type { EventRange } from '@millrace/cassandra'
import type { StreamDeclaration } from '@millrace/stream-kit'
import { problem } from '../spark-bridge.problems.ts'

type Windowed = Pick<StreamDeclaration, 'views'>

export interface RangeToReplay {
  readonly stream: Pick<StreamDeclaration, 'retentionMs' | 'trustSourceClock'> & Windowed
  readonly asked: EventRange
  /** Of the generation that is served; null while nothing is final. */
  readonly finalUntil: number | null
  /** Before it the topic, or the served generation, may lack events. */
  readonly floor: number | null
  readonly now: number
}

/** More windows than this are not built at once: the streams need Spark and Cassandra, too. */
export const mostWindows = 200_000

/** Every so often the windows of all views begin together: a range from one such instant to another cuts no tumbling window. */
export const stepOf = ({ views }: Windowed): number => views.reduce((step, { window }) => (step / divisor(step, window.slideMs)) * window.slideMs, 1)

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b))

/** How many windows a range has at least: one a view and start, whatever the groups. */
export const leastWindows = ({ views }: Windowed, { from, to }: EventRange): number =>
  views.reduce((sum, { window }) => sum + Math.max(0, Math.floor((to - from - window.sizeMs) / window.slideMs) + 1), 0)

/** From which window start on everything is there that windows are built of; null: from the first. Rows that were due to expire are not brought back. */
export function earliestOf({ retentionMs, trustSourceClock }: RangeToReplay['stream'], floor: number | null, now: number): number | null {
  const kept = trustSourceClock ? null : now - retentionMs
  return kept === null ? floor : Math.max(kept, floor ?? kept)
}

/** Checks that a range can be replayed as it was asked for. Throws a problem that says which part could be. */
export function checkReplayRange({ stream, asked, finalUntil, floor, now }: RangeToReplay): void {
  const { from, to } = asked
  if (from >= to) throw problem('range_empty', { detail: `The range begins at ${iso(from)} and ends at ${iso(to)}. Let it begin before it ends.` })
  if (finalUntil === null) throw problem('nothing_final', { detail: 'No window of the stream is final yet: a window is when events have come that are later than its end by the lateness.' })
  const step = stepOf(stream)
  const [down, up] = [(ms: number) => Math.floor(ms / step) * step, (ms: number) => Math.ceil(ms / step) * step]
  if (down(from) !== from || up(to) !== to) {
    throw problem('range_unaligned', {
      detail: `The windows of the stream begin together every ${step / 1_000} s; the range would cut some of them. Ask for ${iso(down(from))} to ${iso(up(to))}.`,
      members: { from: iso(down(from)), to: iso(up(to)) },
    })
  }
  const earliest = earliestOf(stream, floor, now)
  const [first, last] = [Math.max(from, earliest === null ? from : up(earliest)), Math.min(to, down(finalUntil))]
  if (first !== from || last !== to) {
    const part = first < last ? { from: iso(first), to: iso(last) } : null
    throw problem('range_not_replayable', {
      detail: `${first === from ? '' : `The topic has all events only from ${iso(earliest ?? first)} on. `}${last === to ? '' : `Windows are final up to ${iso(finalUntil)}. `}${part ? `Ask for ${part.from} to ${part.to}.` : 'Nothing of the range can be replayed.'}`,
      members: { replayable: part },
    })
  }
  const least = leastWindows(stream, asked)
  if (least > mostWindows) throw problem('range_too_large', { detail: `The range has at least ${least} windows, a replay builds up to ${mostWindows}. Ask for a shorter range.` })
}

export const iso = (ms: number): string => new Date(ms).toISOString()
