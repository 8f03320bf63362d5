import { CassandraError } from './cassandra.errors.ts'
import type { ControlTable } from './control-ddl.ts'
import { identifier } from './identifier.ts'
import type { TableColumn, ViewTable } from './table-ddl.ts'

/** A table as it stands in Cassandra, see `TableReader`. */
export interface ExistingTable {
  readonly name: string
  readonly columns: readonly TableColumn[]
  readonly ttlSeconds: number
}

/**
 * The CQL that turns what stands in Cassandra into what the declaration says; empty when it already does.
 *
 * A view may gain and lose measures, and live longer or shorter. The column of a measure that is gone stays, unread: dropped
 * and added again it would remain null, since what is on disk under its name is hidden by the drop. Another type is
 * refused, and another key: a row whose key changed is another row.
 */
export function migrations(existing: ExistingTable | undefined, wanted: ViewTable): readonly string[] {
  if (!existing) return [wanted.cql]
  const table = identifier(wanted.name)
  const has = new Map(existing.columns.map((column) => [column.name, column]))
  const added: string[] = []
  for (const column of wanted.columns) {
    const found = has.get(column.name)
    has.delete(column.name)
    if (found) checkSame(wanted.name, found, column)
    else if (column.role === 'regular') added.push(`ALTER TABLE ${table} ADD ${identifier(column.name)} ${column.type}`)
    else refuse(wanted.name, `its key lacks ${column.name}`)
  }
  for (const left of has.values()) if (left.role !== 'regular') refuse(wanted.name, `its key has ${left.name}`)
  return existing.ttlSeconds === wanted.ttlSeconds ? added : [...added, `ALTER TABLE ${table} WITH default_time_to_live = ${wanted.ttlSeconds}`]
}

/** The CQL that adds the columns which a table of the platform's own has got since it was made. */
export function addedColumns({ columns }: Pick<ExistingTable, 'columns'>, { name, added = [] }: ControlTable): readonly string[] {
  const has = new Set(columns.map((column) => column.name))
  return added.filter((column) => !has.has(column.name)).map((column) => `ALTER TABLE ${identifier(name)} ADD ${identifier(column.name)} ${column.type}`)
}

function checkSame(table: string, found: TableColumn, wanted: TableColumn): void {
  if (found.type !== wanted.type) refuse(table, `its column ${found.name} is ${found.type}, declared is ${wanted.type}`)
  if (found.role !== wanted.role) refuse(table, `its column ${found.name} is a ${found.role} column, declared is ${wanted.role}`)
}

function refuse(table: string, problem: string): never {
  throw new CassandraError('cassandra_change_refused', `table ${table}: ${problem}. Declare the stream with a new version, or take the change back.`, { fields: { table } })
}
