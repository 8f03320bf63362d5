import { isCalculated, type FieldKind, type Measure, type StreamDeclaration, type ViewDeclaration } from '@millrace/stream-kit'
import { CassandraError } from './cassandra.errors.ts'
import { groupCell, measureCell } from './column-type.ts'
import type { Param } from './row.ts'
import { fieldKind } from './table-ddl.ts'
import { bucketOf } from './time-bucket.ts'

/** One window of one group as it arrives: absolute, and the last word of its generation when `events` is the highest. */
export interface StoredWindow {
  readonly view: string
  /** Values of the view's `by`, as text; instants are epoch milliseconds. */
  readonly group: readonly string[]
  readonly start: number
  readonly end: number
  readonly events: number
  readonly generation: number
  /** An absent measure is an absent key. */
  readonly measures: Readonly<Record<string, string | number | boolean>>
}

/** The cells of a window's row, in the order of its tables' columns, and the partitions that it lies in. */
export interface WindowRow {
  readonly view: string
  readonly events: number
  readonly cells: readonly Param[]
  readonly bucket: string | number
  /** Equal for two records of one window in one generation. */
  readonly key: string
  readonly groupKey: string
}

/** Cassandra's limit for a key is 65,535 bytes, of which a day and lengths take some. */
const longestKey = 65_000

interface ViewShape {
  readonly view: ViewDeclaration
  readonly groups: readonly { readonly name: string; readonly kind: FieldKind }[]
  readonly measureNames: ReadonlySet<string>
}

/** Turns the windows of a stream into rows. Throws `cassandra_window_refused` for a window that fits no view. */
export class WindowRows {
  readonly #views: ReadonlyMap<string, ViewShape>

  constructor(private readonly stream: StreamDeclaration) {
    this.#views = new Map(stream.views.map((view) => [view.name, {
      view,
      groups: view.by.map((name) => ({ name, kind: fieldKind(stream, name) })),
      measureNames: new Set(view.measures.map(({ name }) => name)),
    }]))
  }

  rowOf(window: StoredWindow): WindowRow {
    const shape = this.#views.get(window.view)
    if (!shape) throw refused(window, `the stream ${this.stream.name} has no view '${window.view}'; it has ${[...this.#views.keys()].join(', ')}`)
    const { view, groups, measureNames } = shape
    const { group, start, end, generation, events, measures } = window
    if (group.length !== groups.length) throw refused(window, `its group has ${group.length} values, expected ${groups.length}`)
    if (end - start !== view.window.sizeMs || mod(start, view.window.slideMs) !== 0) throw refused(window, `it lasts from ${start} to ${end}, which is no window of ${view.window.sizeMs} ms every ${view.window.slideMs} ms`)
    for (const name in measures) if (!measureNames.has(name)) throw refused(window, `the view has no measure '${name}'`)
    const bucket = bucketOf(view, start)
    const groupKey = JSON.stringify(group)
    if (groupKey.length > longestKey / 3 && Buffer.byteLength(groupKey) > longestKey) throw refused({ ...window, group: [] }, `its group has more than ${longestKey} bytes, which no key of Cassandra holds`)
    const cells: Param[] = groups.map(({ name, kind }, index) => groupCell(kind, name, group[index] ?? ''))
    cells.push(bucket, start, generation, end, events)
    for (const { name, type, measure } of view.measures) {
      const value = measures[name]
      cells.push(value === undefined ? absent(measure) : measureCell(type.kind, name, value))
    }
    return { view: view.name, events, cells, bucket, groupKey, key: `${view.name} ${generation} ${start} ${groupKey}` }
  }
}

/**
 * The newest of several rows of one window, the others left out: a batch often has a window many times, and only the
 * highest number of events would stay in the table anyway.
 */
export function newestRows(rows: readonly WindowRow[]): WindowRow[] {
  const newest = new Map<string, WindowRow>()
  for (const row of rows) {
    const other = newest.get(row.key)
    if (!other || row.events >= other.events) newest.set(row.key, row)
  }
  return [...newest.values()]
}

/**
 * No cell is written for an absent value, since a measure that has had a value keeps one. Only a calculated one can lose
 * its value, when a divisor becomes zero or a sum outgrows what a row holds: its cell is emptied, with the version of the
 * row, or the row would keep the value of fewer events.
 */
const absent = (measure: Measure): null | undefined => (isCalculated(measure) ? null : undefined)

const mod = (value: number, by: number): number => ((value % by) + by) % by

const refused = ({ view, group, start, generation }: StoredWindow, problem: string): CassandraError =>
  new CassandraError('cassandra_window_refused', `window ${JSON.stringify([view, group, start])} of generation ${generation}: ${problem}. A changed view is a new plan and a new generation.`, { fields: { view, start, generation } })
