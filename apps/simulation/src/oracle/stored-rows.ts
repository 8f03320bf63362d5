import type { InMemoryCassandra, Row } from '@millrace/cassandra'
import { tableByTimeName, tableName, type StreamDeclaration } from '@millrace/stream-kit'
import type { EventWindow } from './windows-of.ts'

/** A window's row as text, `events birds`; null where a table has none, and both where its two tables differ. */
export function storedRow(node: InMemoryCassandra, stream: StreamDeclaration, { view: name, group, start }: EventWindow, generation: number): string | null {
  const view = stream.views.find((one) => one.name === name)
  if (!view) return null
  const day = new Date(start).toISOString().slice(0, 10)
  const byGroup = textOf(node.look(tableName(stream, view), [...group, day], [start, generation]))
  if (group.length === 0) return byGroup
  const byTime = textOf(node.look(tableByTimeName(stream, view), [day], [start, ...group, generation]))
  return byGroup === byTime ? byGroup : `${byGroup ?? 'nothing'} by group, ${byTime ?? 'nothing'} by time`
}

const textOf = (row: Row | null): string | null => (row ? `${String(row['events'])} ${String(row['birds'] ?? 0)}` : null)
