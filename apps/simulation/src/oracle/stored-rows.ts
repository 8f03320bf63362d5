import type { Cell, InMemoryCassandra } from '@millrace/cassandra'
import { tableByTimeName, tableName, type StreamDeclaration } from '@millrace/stream-kit'
import type { EventWindow } from './windows-of.ts'

const columns = ['events', 'birds']
const known = new WeakMap<StreamDeclaration, ReadonlyMap<string, { readonly byGroup: string; readonly byTime: string }>>()

/** The names of a view's tables, made once a stream. */
function tablesOf(stream: StreamDeclaration, view: string): { readonly byGroup: string; readonly byTime: string } | undefined {
  const tables = known.get(stream) ?? new Map(stream.views.map((one) => [one.name, { byGroup: tableName(stream, one), byTime: tableByTimeName(stream, one) }]))
  known.set(stream, tables)
  return tables.get(view)
}

/** A window's row as text, `events birds`; null where a table has none, and both where its two tables differ. */
export function storedRow(node: InMemoryCassandra, stream: StreamDeclaration, { view, group, start }: EventWindow, generation: number): string | null {
  const tables = tablesOf(stream, view)
  if (!tables) return null
  const day = new Date(start).toISOString().slice(0, 10)
  const byGroup = textOf(node.cells(tables.byGroup, { partition: [...group, day], clustering: [start, generation] }, columns))
  if (group.length === 0) return byGroup
  const byTime = textOf(node.cells(tables.byTime, { partition: [day], clustering: [start, ...group, generation] }, columns))
  return byGroup === byTime ? byGroup : `${byGroup ?? 'nothing'} by group, ${byTime ?? 'nothing'} by time`
}

const textOf = (row: readonly Cell[] | null): string | null => (row ? `${String(row[0])} ${String(row[1] ?? 0)}` : null)
