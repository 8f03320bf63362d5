import { snakeCase, tableByTimeName, tableName, type StreamDeclaration, type ViewDeclaration } from '@millrace/stream-kit'
import { columnType } from './column-type.ts'
import { identifier } from './identifier.ts'
import { bucketColumn } from './time-bucket.ts'

export interface TableColumn {
  readonly name: string
  readonly type: string
  readonly role: 'partition' | 'clustering' | 'regular'
}

/** A table of a view, and the CQL that makes it. */
export interface ViewTable {
  readonly name: string
  /** How its rows are found: by group, or by time over all groups. */
  readonly order: 'byGroup' | 'byTime'
  /** Groups, bucket, window, generation, events, measures: the same order in every table of a view. */
  readonly columns: readonly TableColumn[]
  /** Seconds that a row lives, by the wall clock. */
  readonly ttlSeconds: number
  readonly cql: string
}

/**
 * The tables of a view: one by group and one by time, or only the first where the view has no groups.
 *
 * A row is one window of one group in one generation, newest first. Its cells are written `USING TIMESTAMP events`,
 * so compaction must not sort by the time of writing: unified, not time-window.
 */
export function tableDdl(stream: StreamDeclaration, view: ViewDeclaration): readonly ViewTable[] {
  const groups = view.by.map(snakeCase)
  const bucket = bucketColumn(view).name
  const byGroup = table(stream, view, { name: tableName(stream, view), order: 'byGroup', partition: [...groups, bucket], clustering: ['window_start', 'generation'] })
  if (groups.length === 0) return [byGroup]
  return [byGroup, table(stream, view, { name: tableByTimeName(stream, view), order: 'byTime', partition: [bucket], clustering: ['window_start', ...groups, 'generation'] })]
}

interface Shape {
  readonly name: string
  readonly order: ViewTable['order']
  readonly partition: readonly string[]
  readonly clustering: readonly string[]
}

const newestFirst = new Set(['window_start', 'generation'])

function table(stream: StreamDeclaration, view: ViewDeclaration, { name, order, partition, clustering }: Shape): ViewTable {
  const columns = typedColumns(stream, view).map((column): TableColumn => ({
    ...column,
    role: partition.includes(column.name) ? 'partition' : clustering.includes(column.name) ? 'clustering' : 'regular',
  }))
  const ttlSeconds = ttlOf(stream)
  const cql = `CREATE TABLE IF NOT EXISTS ${identifier(name)} (
${columns.map((column) => `  ${identifier(column.name)} ${column.type},\n`).join('')}  PRIMARY KEY ((${partition.map(identifier).join(', ')}), ${clustering.map(identifier).join(', ')})
) WITH CLUSTERING ORDER BY (${clustering.map((column) => `${identifier(column)} ${newestFirst.has(column) ? 'DESC' : 'ASC'}`).join(', ')})
  AND default_time_to_live = ${ttlSeconds}
  AND gc_grace_seconds = 86400
  AND compaction = {'class': 'UnifiedCompactionStrategy'}`
  return { name, order, columns, ttlSeconds, cql }
}

/** Seconds that the rows of a stream's views live: its retention. */
export const ttlOf = ({ retentionMs }: Pick<StreamDeclaration, 'retentionMs'>): number => Math.ceil(retentionMs / 1_000)

function typedColumns(stream: StreamDeclaration, view: ViewDeclaration): Omit<TableColumn, 'role'>[] {
  return [
    ...view.by.map((name) => ({ name: snakeCase(name), type: columnType[fieldKind(stream, name)] })),
    bucketColumn(view),
    { name: 'window_start', type: 'timestamp' },
    { name: 'generation', type: 'int' },
    { name: 'window_end', type: 'timestamp' },
    { name: 'events', type: 'bigint' },
    ...view.measures.map(({ name, type }) => ({ name: snakeCase(name), type: columnType[type.kind] })),
  ]
}

/** The kind of a field that the declaration has been checked to have. */
export function fieldKind(stream: StreamDeclaration, name: string) {
  const field = stream.event[name]
  if (!field) throw new TypeError(`Stream '${stream.name}' has no field '${name}'.`)
  return field.kind
}
