import { currentOf, noFigures, servedOf, type InclusionStore, type Recount, type RecountDifference, type RecountFigures } from '@millrace/cassandra'
import { streamLabel, type StreamDeclaration } from '@millrace/stream-kit'
import type { EventTopics, Generations, IngestionStatus, StoredProgress } from '../ports.ts'
import { compareSlice } from './compare-slice.ts'
import { includedLate } from '../replays/included-late.ts'
import { mostWindows } from './recount-range.ts'
import { RecountError } from './recount.errors.ts'
import type { ServedTables } from './served-windows.ts'
import { iso } from './shown-window.ts'
import { slicesOf } from './slices.ts'
import { topicOf } from './topic-of.ts'
import type { WindowCounter } from './window-counter.ts'

/** What a recount reads. It writes nothing. */
export interface RecountSurroundings {
  readonly generations: Pick<Generations, 'list'>
  readonly inclusions: Pick<InclusionStore, 'chosen'>
  readonly stored: StoredProgress
  readonly ingestion: IngestionStatus
  readonly topics: EventTopics
  readonly counter: WindowCounter
  readonly tables: ServedTables
  readonly now: () => number
  readonly limits?: { readonly windows: number; readonly aSlice: number; readonly differences: number }
}

/** What is counted: known before counting begins. */
export type RecountScope = Pick<Recount, 'generation' | 'from' | 'offsets'>

export type RecountOutcome = Pick<Recount, 'verdict' | 'figures' | 'differences'>

const usualLimits = { windows: mostWindows, aSlice: 20_000, differences: 20 }

/**
 * Recounts a range of a stream from the first event that its topic has up to the last one of this moment, and compares
 * each window with what readers get. Nothing that comes later touches a final window, so where the end lies does not
 * matter; that an event behind the watermark counts here, which the stream's query dropped, is the point. Late events that
 * were included are no longer on the topic's side of the door: they are taken from where they were noted.
 *
 * Windows before the floor are left out: the topic has lost events of theirs, or the served generation has.
 */
export async function recountStream(recount: Pick<Recount, 'from' | 'to'>, stream: StreamDeclaration, around: RecountSurroundings, begun: (scope: RecountScope) => Promise<void>): Promise<RecountOutcome> {
  const { counter, tables, now, limits = usualLimits } = around
  const generations = await around.generations.list(stream)
  const served = servedOf(generations)
  const current = currentOf(served)
  const finalUntil = current ? (await around.stored.read(stream, current.generation))?.finalUntil : undefined
  const { to } = recount
  if (!current || finalUntil === undefined || finalUntil < to) throw notFinal(stream, to, finalUntil)
  const { begins, ends, floor } = await topicOf(stream, around)
  const from = Math.max(recount.from, floor ?? -Infinity, current.floor ?? -Infinity)
  if (from >= to) throw new RecountError('recount_range_expired', `recounting ${streamLabel(stream)}: the topic has all events only from ${iso(from)} on, and the range ends at ${iso(to)}. Ask for a later one.`)
  await begun({ generation: current.generation, from, offsets: ends })
  const late = [...(await includedLate(stream, { from, to }, { generations, inclusions: around.inclusions })).values()]
  const included = late.length === 0 ? {} : { included: { values: late.map(({ value }) => value.toString()), at: late.reduce((last, { chosenAt }) => Math.max(last, chosenAt), 0) } }

  let figures: RecountFigures = noFigures
  const differences: RecountDifference[] = []
  for (const view of stream.views) {
    const starts = { from, to: to - view.window.sizeMs + 1, enough: limits.aSlice }
    if (starts.to <= from) continue
    const stored = tables.of(stream, view)
    for await (const slice of slicesOf(counter.windows(stream, view, { begins, ends, from, to, ...included }), starts)) {
      const found = await compareSlice({ stream, view, slice, stored, served, now })
      figures = plus(figures, found)
      differences.push(...found.differences.slice(0, limits.differences - differences.length))
      if (Math.max(figures.windows, figures.compared) > limits.windows)
        throw new RecountError('recount_too_large', `recounting ${streamLabel(stream)}: from ${iso(from)} to ${iso(to)} it has more than ${limits.windows} windows. Ask for a shorter range.`)
    }
  }
  return { verdict: figures.equal === figures.compared ? 'equal' : 'different', figures, differences }
}

function plus(sum: RecountFigures, { windows, equal, differences }: Awaited<ReturnType<typeof compareSlice>>): RecountFigures {
  const of = (kind: RecountDifference['kind']) => differences.filter((difference) => difference.kind === kind).length
  return {
    windows: sum.windows + windows,
    compared: sum.compared + equal + differences.length,
    equal: sum.equal + equal,
    different: sum.different + of('different'),
    missing: sum.missing + of('missing'),
    extra: sum.extra + of('extra'),
  }
}

const notFinal = (stream: StreamDeclaration, to: number, finalUntil: number | undefined) =>
  new RecountError('recount_range_not_final', `recounting ${streamLabel(stream)}: the range ends at ${iso(to)}, and the served generation is final ${finalUntil === undefined ? 'nowhere yet' : `up to ${iso(finalUntil)}`}. It is tried again.`)
