import { WindowReader, type CassandraSession, type ReadWindow, type ServedGeneration, type WindowPage, type WindowPosition } from '@millrace/cassandra'
import type { StreamDeclaration, ViewDeclaration } from '@millrace/stream-kit'

/** Which windows are read: those that start from `from` to before `to`, of each the row of the highest served generation. */
export interface ServedRange {
  readonly from: number
  readonly to: number
  readonly served: readonly ServedGeneration[]
}

/** The windows of one view as readers get them, from each of its tables. */
export interface ServedWindows {
  /** From the table by time; of a view without groups, from its only one. */
  byTime(range: ServedRange): AsyncIterable<ReadWindow>
  /** From the table by group. */
  byGroup(group: readonly string[], range: ServedRange): AsyncIterable<ReadWindow>
}

/** Opens the tables of a view. */
export abstract class ServedTables {
  abstract of(stream: StreamDeclaration, view: ViewDeclaration): ServedWindows
}

const pageRows = 1_000

/** The tables in Cassandra, through the very reader that serves them. */
export class CassandraServedTables extends ServedTables {
  constructor(private readonly session: CassandraSession) {
    super()
  }

  override of(stream: StreamDeclaration, view: ViewDeclaration): ServedWindows {
    const reader = new WindowReader(this.session, stream, view)
    return {
      byTime: (range) => allPages((after) => reader.byTime({ ...range, limit: pageRows, after })),
      byGroup: (group, range) => allPages((after) => reader.byGroup(group, { ...range, limit: pageRows, after })),
    }
  }
}

async function* allPages(read: (after: WindowPosition | null) => Promise<WindowPage>): AsyncGenerator<ReadWindow, void, void> {
  for (let after: WindowPosition | null = null; ;) {
    const { windows, next }: WindowPage = await read(after)
    yield* windows
    if (next === null) return
    after = next
  }
}
