import { noFigures, type EventRange, type ReadWindow, type RecountDifference, type RecountFigures, type ServedGeneration } from '@millrace/cassandra'
import type { RecountedWindow } from '@millrace/spark-connect'
import type { StreamDeclaration, ViewDeclaration } from '@millrace/stream-kit'
import { windowJudge } from '../recounts/judge-window.ts'
import type { ServedTables } from '../recounts/served-windows.ts'
import { iso, windowShown } from '../recounts/shown-window.ts'

export interface BuiltQuestion {
  readonly stream: StreamDeclaration
  readonly range: EventRange
  /** The generation that was built. */
  readonly built: number
  /** What readers get, newest first. */
  readonly served: readonly ServedGeneration[]
  readonly tables: ServedTables
  /** More differences are counted, and not kept. */
  readonly mostDifferences: number
}

export interface BuiltComparison {
  readonly figures: RecountFigures
  /** By view in declared order; within a view the newest window first. */
  readonly differences: readonly RecountDifference[]
}

type Table = 'by-group' | 'by-time'

interface Pair {
  readonly built: ReadWindow | undefined
  readonly served: ReadWindow | undefined
}

/** A window that differs in one table or in both. */
interface Found {
  readonly pair: Pair
  readonly tables: Table[]
}

/** Compares the windows of a range as they were built with those that readers get, in both tables of each view. */
export async function compareBuilt(question: BuiltQuestion): Promise<BuiltComparison> {
  let figures: RecountFigures = noFigures
  const differences: RecountDifference[] = []
  for (const view of question.stream.views) {
    const { windows, compared, found } = await compareView(view, question)
    const shown = windowShown(question.stream, view)
    const all = [...found.values()]
    const of = (kind: RecountDifference['kind']) => all.filter(({ pair }) => kindOf(pair) === kind).length
    figures = {
      windows: figures.windows + windows, compared: figures.compared + compared, equal: figures.equal + compared - found.size,
      different: figures.different + of('different'), missing: figures.missing + of('missing'), extra: figures.extra + of('extra'),
    }
    differences.push(...all.slice(0, question.mostDifferences - differences.length).map(({ pair, tables }): RecountDifference => {
      const { group, windowStart, windowEnd } = pair.built ?? pair.served ?? never()
      return {
        view: view.name, group: shown.group(view.by.map((name) => String(group[name]))), windowStart: iso(windowStart), windowEnd: iso(windowEnd),
        kind: kindOf(pair), table: tables.length === 2 ? 'both' : (tables[0] ?? 'by-group'),
        stored: pair.served ? shown.stored(pair.served) : null, recounted: pair.built ? shown.stored(pair.built) : null,
      }
    }))
  }
  return { figures, differences }
}

/** The table by time first, which knows the groups; then the table by group, group by group, since its partitions cannot be listed. */
async function compareView(view: ViewDeclaration, { stream, range, built, served, tables }: BuiltQuestion): Promise<{ windows: number; compared: number; found: Map<string, Found> }> {
  const starts = { from: range.from, to: range.to - view.window.sizeMs + 1 }
  if (starts.to <= starts.from) return { windows: 0, compared: 0, found: new Map() }
  const rows = tables.of(stream, view)
  const [ofBuilt, ofServed] = [{ ...starts, served: [{ generation: built, floor: null }] }, { ...starts, served }]
  const isEqual = equality(view, stream)
  const [found, groups] = [new Map<string, Found>(), new Map<string, string[]>()]
  let [windows, compared] = [0, 0]
  const first: Table = view.by.length === 0 ? 'by-group' : 'by-time'
  for await (const [key, pair] of pairs(rows.byTime(ofBuilt), rows.byTime(ofServed))) {
    const { group } = pair.built ?? pair.served ?? never()
    const values = view.by.map((name) => String(group[name]))
    groups.set(JSON.stringify(values), values)
    compared += 1
    if (pair.built) windows += 1
    if (!isEqual(pair)) found.set(key, { pair, tables: [first] })
  }
  if (view.by.length > 0) {
    for (const group of groups.values())
      for await (const [key, pair] of pairs(rows.byGroup(group, ofBuilt), rows.byGroup(group, ofServed))) {
        if (isEqual(pair)) continue
        const other = found.get(key)
        if (other) found.set(key, { pair: { built: other.pair.built ?? pair.built, served: other.pair.served ?? pair.served }, tables: ['by-group', 'by-time'] })
        else found.set(key, { pair, tables: ['by-group'] })
      }
  }
  return { windows, compared, found }
}

const kindOf = ({ built, served }: Pair): RecountDifference['kind'] => (built === undefined ? 'extra' : served === undefined ? 'missing' : 'different')

/** As a recount judges; but a percentile, of which two different values may both be right, is only asked to be there. */
function equality(view: ViewDeclaration, { event }: StreamDeclaration): (pair: Pair) => boolean {
  const judge = windowJudge(view, event)
  const anyRank = Object.fromEntries(view.measures.map(({ name }) => [name, [-Infinity, Infinity] as const]))
  const counted = ({ windowStart, windowEnd, events, measures }: ReadWindow): RecountedWindow => ({
    group: [], start: windowStart, end: windowEnd, events, appendedAt: 0, magnitudes: {}, ranks: anyRank,
    measures: Object.fromEntries(Object.entries(measures).flatMap(([name, value]) => (value === null ? [] : [[name, value]]))),
  })
  return ({ built, served }) => built !== undefined && served !== undefined && judge(counted(built), served)
}

type Keyed = readonly [key: string, pair: Pair]

/** The windows of both sides, which come newest first, side by side; one start at a time is held in memory. */
async function* pairs(built: AsyncIterable<ReadWindow>, served: AsyncIterable<ReadWindow>): AsyncGenerator<Keyed, void, void> {
  const [left, right] = [byStart(built), byStart(served)]
  let [one, other] = [await next(left), await next(right)]
  while (one ?? other) {
    const start = Math.max(one?.start ?? -Infinity, other?.start ?? -Infinity)
    const [ours, theirs] = [one?.start === start ? one.rows : new Map<string, ReadWindow>(), other?.start === start ? other.rows : new Map<string, ReadWindow>()]
    for (const key of new Set([...ours.keys(), ...theirs.keys()])) yield [`${start} ${key}`, { built: ours.get(key), served: theirs.get(key) }]
    if (one?.start === start) one = await next(left)
    if (other?.start === start) other = await next(right)
  }
}

interface Start {
  readonly start: number
  readonly rows: Map<string, ReadWindow>
}

async function* byStart(rows: AsyncIterable<ReadWindow>): AsyncGenerator<Start, void, void> {
  let held: Start | undefined
  for await (const row of rows) {
    if (held && held.start !== row.windowStart) yield held
    if (held?.start !== row.windowStart) held = { start: row.windowStart, rows: new Map() }
    held.rows.set(JSON.stringify(Object.values(row.group)), row)
  }
  if (held) yield held
}

async function next<T>(from: AsyncGenerator<T, void, void>): Promise<T | undefined> {
  const { value, done } = await from.next()
  return done === true ? undefined : value
}

function never(): ReadWindow {
  throw new TypeError('A pair of windows has none.')
}
