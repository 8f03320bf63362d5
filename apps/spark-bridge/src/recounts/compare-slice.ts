import type { ReadWindow, RecountDifference } from '@millrace/cassandra'
import type { RecountedWindow } from '@millrace/spark-connect'
import type { StreamDeclaration, ViewDeclaration } from '@millrace/stream-kit'
import { windowJudge } from './judge-window.ts'
import type { ServedRange, ServedWindows } from './served-windows.ts'
import { iso, windowShown } from './shown-window.ts'
import type { Slice } from './slices.ts'

export interface Comparison {
  readonly windows: number
  readonly equal: number
  /** By window start, then by group. */
  readonly differences: readonly RecountDifference[]
}

export interface SliceQuestion {
  readonly stream: StreamDeclaration
  readonly view: ViewDeclaration
  readonly slice: Slice
  readonly stored: ServedWindows
  readonly served: ServedRange['served']
  /** The present, asked for when everything has been read. */
  readonly now: () => number
}

type Table = 'by-time' | 'by-group'

/** One window of one group: what was counted, and what its tables say. */
interface Entry {
  readonly group: readonly string[]
  readonly start: number
  readonly end: number
  readonly recounted: RecountedWindow | null
  readonly rows: Map<Table, ReadWindow>
}

/** Clocks differ a little, and a row that is about to expire may do so while it is read. */
const expiryMarginMs = 60_000
const groupsAtOnce = 8

/**
 * Compares the windows of a slice with what is stored of them, in each of the view's tables, both ways. The table by
 * group is asked for every group that was counted or that the table by time has: its partitions cannot be listed.
 */
export async function compareSlice({ stream, view, slice, stored, served, now }: SliceQuestion): Promise<Comparison> {
  const range = { from: slice.from, to: slice.to, served }
  const entries = new Map<string, Entry>()
  for (const recounted of slice.windows) {
    const group = recounted.group.map((value, index) => (stream.event[view.by[index] ?? '']?.kind === 'uuid' ? value.toLowerCase() : value))
    entries.set(keyOf(group, recounted.start), { group, start: recounted.start, end: recounted.end, recounted, rows: new Map() })
  }
  const take = (table: Table) => (row: ReadWindow) => {
    const group = view.by.map((name) => String(row.group[name]))
    const key = keyOf(group, row.windowStart)
    const entry = entries.get(key) ?? { group, start: row.windowStart, end: row.windowEnd, recounted: null, rows: new Map<Table, ReadWindow>() }
    entry.rows.set(table, row)
    entries.set(key, entry)
  }
  const tables: readonly Table[] = view.by.length === 0 ? ['by-group'] : ['by-group', 'by-time']
  await each(stored.byTime(range), take(view.by.length === 0 ? 'by-group' : 'by-time'))
  if (view.by.length > 0) {
    const groups = new Map([...entries.values()].map(({ group }) => [JSON.stringify(group), group]))
    await inTurns([...groups.values()], (group) => each(stored.byGroup(group, range), take('by-group')))
  }
  const judge = windowJudge(view, stream.event)
  const isPast = ({ appendedAt }: RecountedWindow) => appendedAt + stream.retentionMs <= now() + expiryMarginMs
  const differences: RecountDifference[] = []
  let equal = 0
  for (const entry of [...entries.values()].sort(byStartAndGroup)) {
    const wrong = wrongTables(entry, tables, judge)
    if (wrong.length === 0) equal += 1
    else if (entry.recounted === null || !isPast(entry.recounted) || wrong.some((table) => entry.rows.has(table))) differences.push(difference(entry, wrong, { stream, view, tables }))
  }
  return { windows: slice.windows.length, equal, differences }
}

const keyOf = (group: readonly string[], start: number): string => `${start} ${JSON.stringify(group)}`

const byStartAndGroup = (a: Entry, b: Entry): number => a.start - b.start || (JSON.stringify(a.group) < JSON.stringify(b.group) ? -1 : 1)

function wrongTables({ recounted, rows }: Entry, tables: readonly Table[], judge: ReturnType<typeof windowJudge>): Table[] {
  if (recounted === null) return [...rows.keys()]
  return tables.filter((table) => {
    const row = rows.get(table)
    return row === undefined || !judge(recounted, row)
  })
}

function difference({ group, start, end, recounted, rows }: Entry, wrong: readonly Table[], { stream, view, tables }: Pick<SliceQuestion, 'stream' | 'view'> & { tables: readonly Table[] }): RecountDifference {
  const shown = windowShown(stream, view)
  const row = wrong.map((table) => rows.get(table)).find((found) => found !== undefined)
  return {
    view: view.name,
    group: shown.group(group),
    windowStart: iso(start),
    windowEnd: iso(end),
    kind: recounted === null ? 'extra' : row === undefined ? 'missing' : 'different',
    table: wrong.length === 2 ? 'both' : (wrong[0] ?? tables[0] ?? 'by-group'),
    stored: row ? shown.stored(row) : null,
    recounted: recounted ? shown.recounted(recounted) : null,
  }
}

async function each<T>(items: AsyncIterable<T>, take: (item: T) => void): Promise<void> {
  for await (const item of items) take(item)
}

/** So many at once; the first failure ends all of them. */
async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values()
  await Promise.all(Array.from({ length: groupsAtOnce }, async () => { for (const item of waiting) await work(item) }))
}
