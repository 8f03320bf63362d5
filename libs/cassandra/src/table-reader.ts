import type { CassandraSession } from './cassandra-session.ts'
import type { ExistingTable } from './migrations.ts'
import { numberOf, textOf, type Row } from './row.ts'
import type { TableColumn } from './table-ddl.ts'

const roles: Readonly<Record<string, TableColumn['role']>> = { partition_key: 'partition', clustering: 'clustering' }

/** Reads what tables there are. */
export class TableReader {
  constructor(private readonly session: CassandraSession) {}

  /** The tables of the session's keyspace by name, as migrations compare them. */
  async tables(): Promise<ReadonlyMap<string, ExistingTable>> {
    const { keyspace } = this.session.settings
    const [tables, columns] = await Promise.all([
      this.session.execute('SELECT table_name, default_time_to_live FROM system_schema.tables WHERE keyspace_name = ?', [keyspace]),
      this.session.execute('SELECT table_name, column_name, type, kind FROM system_schema.columns WHERE keyspace_name = ?', [keyspace]),
    ])
    const columnsOf = Map.groupBy(columns, (row) => textOf(row, 'table_name'))
    return new Map(tables.map((row) => {
      const name = textOf(row, 'table_name')
      return [name, { name, ttlSeconds: numberOf(row, 'default_time_to_live'), columns: (columnsOf.get(name) ?? []).map(columnOf) }]
    }))
  }
}

const columnOf = (row: Row): TableColumn => ({ name: textOf(row, 'column_name'), type: textOf(row, 'type'), role: roles[textOf(row, 'kind')] ?? 'regular' })
