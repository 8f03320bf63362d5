import { currentOf } from '@millrace/cassandra'
import type { FoundRoute, ReadGeneration, TimeRange } from '@millrace/rest'
import type { StreamDeclaration } from '@millrace/stream-kit'
import { problem } from '../query-api.problems.ts'
import type { ServedGenerations } from '../served-generations.ts'
import type { GenerationProgress } from '../stores.ts'
import type { ViewRow, ViewRows } from '../view-rows.ts'
import { planOf, type LivePlace } from './live-events.ts'

export interface LiveSources {
  readonly rows: ViewRows
  readonly generations: ServedGenerations
  /** The highest event time of a stream; null before its first event. */
  readonly highest: (stream: StreamDeclaration) => Promise<number | null>
}

/** How far a stream was at one moment. */
export interface Sight {
  readonly served: readonly ReadGeneration[]
  readonly plan: string
  readonly generation: number | null
  readonly progress: GenerationProgress | null
  readonly highest: number | null
  /** Whoever has everything of this sight is here; null where nothing is final yet. */
  readonly place: LivePlace | null
  /** While it stays the same, no row of the view has changed. */
  readonly mark: string
}

const pageRows = 1_000
const mostRows = 10_000

/**
 * Looks at a stream. Its rows can only have changed where other generations are served, where progress was stored, which comes
 * after the rows of each batch, or where the newest window is another one, so that there is one more to read.
 */
export async function lookAt({ generations, highest }: LiveSources, { route: { stream, view } }: FoundRoute): Promise<Sight> {
  const [served, newest] = await Promise.all([generations.served(stream), highest(stream)])
  const generation = currentOf(served)?.generation ?? null
  const progress = generation === null ? null : await generations.progress(stream, generation)
  const plan = planOf(served)
  const newestWindow = newest === null ? null : Math.floor(newest / view.window.slideMs)
  const place = progress === null ? null : { plan, finalUntil: progress.finalUntil }
  return { served, plan, generation, progress, highest: newest, place, mark: JSON.stringify([plan, progress, newestWindow]) }
}

/** All rows of a range, the oldest window first. Throws the problem 400 where they are too many to be followed. */
export async function readRows({ rows }: LiveSources, { route, group }: FoundRoute, range: TimeRange, { served }: Pick<Sight, 'served'>): Promise<ViewRow[]> {
  const read: ViewRow[] = []
  if (range.from >= range.to || served.length === 0) return read
  for (let after: string | null = null; ;) {
    const page = await rows.read({ route, group, range, generations: served, limit: pageRows, after })
    read.push(...page.rows)
    if (page.next === null) return read.reverse()
    if (read.length >= mostRows) throw problem('live_too_wide', { detail: `There are more than ${mostRows} rows to follow. Ask with a later from, or for one group.` })
    after = page.next
  }
}
