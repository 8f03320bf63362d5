import { snakeCase, tableByTimeName, tableName, type StreamDeclaration, type ViewDeclaration } from '@millrace/stream-kit'
import { CassandraError } from './cassandra.errors.ts'
import type { CassandraSession, Statement } from './cassandra-session.ts'
import { groupCell, valueOf } from './column-type.ts'
import { generationAt, type ServedGeneration } from './generation.ts'
import { identifier } from './identifier.ts'
import { numberOf, type Row } from './row.ts'
import { scanAhead } from './scan-ahead.ts'
import { fieldKind } from './table-ddl.ts'
import { bucketColumn, bucketsBetween } from './time-bucket.ts'

type Value = string | number | boolean

/** A window as it is served: names as declared, instants as epoch milliseconds, null where a measure has no value. */
export interface ReadWindow {
  readonly group: Readonly<Record<string, Value>>
  readonly windowStart: number
  readonly windowEnd: number
  readonly events: number
  readonly generation: number
  readonly measures: Readonly<Record<string, Value | null>>
}

/** Where a page ended, as plain data: behind the row of `group` in the window of `start`, or with null behind that whole window. */
export interface WindowPosition {
  readonly start: number
  readonly group: readonly string[] | null
}

export interface WindowPage {
  /** Newest window first; within a window by group. */
  readonly windows: readonly ReadWindow[]
  /** Null when there is nothing behind. A page may be short, even empty, and still have a next one. */
  readonly next: WindowPosition | null
}

export interface ReadRange {
  /** Windows that start at or after this instant… */
  readonly from: number
  /** …and before this one. */
  readonly to: number
  readonly limit: number
  /** The generations to read, newest first, all taken at one moment: see `GenerationStore.served`. */
  readonly served: readonly ServedGeneration[]
  readonly after?: WindowPosition | null
}

/** Partitions read for one page at most, so that an empty range of years costs no more than a full one of days. */
const partitionsAPage = 200

/** Reads the windows of one view, partition by partition from the newest, by statements that name their partition. */
export class WindowReader {
  readonly #groups: readonly { readonly name: string; readonly column: string; readonly kind: ReturnType<typeof fieldKind> }[]
  readonly #byGroup: string
  readonly #byTime: string
  readonly #rest: string

  constructor(private readonly session: CassandraSession, stream: StreamDeclaration, readonly view: ViewDeclaration) {
    this.#groups = view.by.map((name) => ({ name, column: identifier(snakeCase(name)), kind: fieldKind(stream, name) }))
    const bucket = bucketColumn(view).name
    const columns = [...this.#groups.map(({ column }) => column), 'window_start', 'window_end', 'events', 'generation', ...view.measures.map(({ name }) => identifier(snakeCase(name)))].join(', ')
    const span = 'window_start >= ? AND window_start < ?'
    this.#byGroup = `SELECT ${columns} FROM ${identifier(tableName(stream, view))} WHERE ${[...this.#groups.map(({ column }) => column), bucket].map((column) => `${column} = ? AND `).join('')}${span}`
    const byTime = `SELECT ${columns} FROM ${identifier(view.by.length === 0 ? tableName(stream, view) : tableByTimeName(stream, view))} WHERE ${bucket} = ?`
    this.#byTime = `${byTime} AND ${span}`
    this.#rest = `${byTime} AND window_start = ? AND (${this.#groups.map(({ column }) => column).join(', ')}) > (${this.#groups.map(() => '?').join(', ')})`
  }

  /** The windows of one group. */
  async byGroup(group: readonly string[], range: ReadRange): Promise<WindowPage> {
    const cells = this.#cells(group)
    return this.#page(range, (bucket, from, to) => ({ cql: this.#byGroup, params: [...cells, bucket, from, to] }))
  }

  /** The windows of all groups. */
  async byTime(range: ReadRange): Promise<WindowPage> {
    const { after } = range
    const [begun] = after ? bucketsBetween(this.view, after.start, after.start + 1) : []
    const rest = after?.group && begun && this.#groups.length > 0 ? { cql: this.#rest, params: [begun.bucket, after.start, ...this.#cells(after.group)] } : undefined
    return this.#page(range, (bucket, from, to) => ({ cql: this.#byTime, params: [bucket, from, to] }), rest)
  }

  /** `rest` reads what is left of the window in which the page before ended. */
  async #page({ from, to, limit, served, after }: ReadRange, slice: (bucket: string | number, from: number, to: number) => Statement, rest?: Statement): Promise<WindowPage> {
    if (served.length === 0) return { windows: [], next: null }
    const end = after ? Math.min(after.start, to) : to
    const partitions = [...firstOf(bucketsBetween(this.view, from, end), partitionsAPage)]
    const statements = [...(rest ? [rest] : []), ...partitions.map(({ bucket }) => slice(bucket, from, end))]
    const windows: ReadWindow[] = []
    for await (const row of scanAhead(this.session, statements, Math.min(limit + 1, 2_000))) {
      if (numberOf(row, 'generation') !== generationAt(served, { start: numberOf(row, 'window_start'), end: numberOf(row, 'window_end') })) continue
      if (windows.length === limit) return { windows, next: this.#behind(windows) }
      windows.push(this.#windowOf(row))
    }
    const oldest = partitions.at(-1)?.startMs ?? from
    return { windows, next: oldest > from ? { start: oldest, group: null } : null }
  }

  #behind(windows: readonly ReadWindow[]): WindowPosition | null {
    const last = windows.at(-1)
    return last ? { start: last.windowStart, group: Object.values(last.group).map(String) } : null
  }

  #cells(group: readonly string[]): Value[] {
    if (group.length !== this.#groups.length) throw new CassandraError('cassandra_window_refused', `view ${this.view.name}: a group of ${group.length} values, expected ${this.#groups.length}.`)
    return this.#groups.map(({ name, kind }, index) => groupCell(kind, name, group[index] ?? ''))
  }

  #windowOf(row: Row): ReadWindow {
    return {
      group: Object.fromEntries(this.view.by.map((name) => [name, valueOf(row[snakeCase(name)], name) ?? ''])),
      windowStart: numberOf(row, 'window_start'),
      windowEnd: numberOf(row, 'window_end'),
      events: numberOf(row, 'events'),
      generation: numberOf(row, 'generation'),
      measures: Object.fromEntries(this.view.measures.map(({ name }) => [name, valueOf(row[snakeCase(name)], name)])),
    }
  }
}

function* firstOf<T>(items: Iterable<T>, count: number): Generator<T> {
  let taken = 0
  for (const item of items) {
    if (taken === count) return
    taken += 1
    yield item
  }
}
