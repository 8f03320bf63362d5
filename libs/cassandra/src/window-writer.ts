import type { StreamDeclaration } from '@millrace/stream-kit'
import type { CassandraSession, Statement } from './cassandra-session.ts'
import { identifier } from './identifier.ts'
import { inTurns } from './in-turns.ts'
import { tableDdl, type ViewTable } from './table-ddl.ts'
import { newestRows, WindowRows, type StoredWindow, type WindowRow } from './window-row.ts'

/** Rows of one partition go in one mutation of up to so many, and so many bytes: Cassandra by default refuses batches of 50 KB. */
const most = { rows: 100, bytes: 32_768 }
/** Mutations under way at once. */
const batchesAtOnce = 32

interface TargetTable {
  readonly table: ViewTable
  readonly insert: string
}

/**
 * Writes windows into all tables of their views. Rows are absolute and versioned by their number of events, so writing
 * is repeatable and in any order: an older batch, a replay or a second writer never wins.
 */
export class WindowWriter {
  readonly #rows: WindowRows
  readonly #tables: ReadonlyMap<string, readonly TargetTable[]>

  constructor(private readonly session: Pick<CassandraSession, 'batch'>, readonly stream: StreamDeclaration) {
    this.#rows = new WindowRows(stream)
    this.#tables = new Map(stream.views.map((view) => [view.name, tableDdl(stream, view).map((table) => ({ table, insert: insertInto(table) }))]))
  }

  /** What the window's row is. Throws `cassandra_window_refused` when it can never be stored. */
  rowOf(window: StoredWindow): WindowRow {
    return this.#rows.rowOf(window)
  }

  /** Resolves with the number of rows when Cassandra has acknowledged all of them in every table. On an error some may have been written: write them again. */
  async write(rows: readonly WindowRow[]): Promise<number> {
    let written = 0
    const batches: { action: string; statements: Statement[] }[] = []
    for (const [view, ofView] of Map.groupBy(newestRows(rows), ({ view }) => view))
      for (const { table, insert } of this.#tables.get(view) ?? []) {
        written += ofView.length
        const partitions = Map.groupBy(ofView, ({ bucket, groupKey }) => (table.order === 'byTime' ? bucket : `${bucket} ${groupKey}`))
        for (const partition of partitions.values())
          for (const part of parts(partition))
            batches.push({ action: `writing ${part.length} rows to ${table.name}`, statements: part.map(({ cells, events }) => ({ cql: insert, params: [...cells, events, table.ttlSeconds] })) })
      }
    await inTurns(batches, batchesAtOnce, ({ action, statements }) => this.session.batch(statements, { action }))
    return written
  }
}

function* parts(rows: readonly WindowRow[]): Generator<readonly WindowRow[]> {
  let part: WindowRow[] = []
  let bytes = 0
  for (const row of rows) {
    const size = sizeOf(row)
    if (part.length > 0 && (part.length === most.rows || bytes + size > most.bytes)) {
      yield part
      part = []
      bytes = 0
    }
    part.push(row)
    bytes += size
  }
  if (part.length > 0) yield part
}

/** About what a row takes in a batch: its values, the length before each, and the statement's id. */
const sizeOf = ({ cells }: WindowRow): number => cells.reduce<number>((sum, cell) => sum + 4 + (typeof cell === 'string' ? cell.length * 3 : 8), 40)

const insertInto = ({ name, columns }: ViewTable): string =>
  `INSERT INTO ${identifier(name)} (${columns.map((column) => identifier(column.name)).join(', ')}) VALUES (${columns.map(() => '?').join(', ')}) USING TIMESTAMP ? AND TTL ?`
