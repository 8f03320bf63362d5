import type { CassandraSession } from './cassandra-session.ts'
import { eventsBehind } from './events-behind.ts'
import type { StreamKey } from './generation-store.ts'
import { textOf } from './row.ts'

/** By partition of the stream's topic: the next event that has not been looked at. */
type Offsets = Readonly<Record<string, number>>

const insert = 'INSERT INTO searches (stream, version, generation, offsets, updated_at) VALUES (?, ?, ?, ?, ?) USING TIMESTAMP ?'
const select = 'SELECT offsets FROM searches WHERE stream = ? AND version = ? AND generation = ?'

/** How far the events that a generation has read have been looked at for those that are malformed. */
export class SearchStore {
  constructor(private readonly session: CassandraSession) {}

  /** The row's version is the number of events behind it: a bridge that is late moves nothing back. */
  async write({ name, version }: StreamKey, generation: number, offsets: Offsets): Promise<void> {
    await this.session.execute(insert, [name, version, generation, JSON.stringify(offsets), Date.now(), eventsBehind(offsets)], { action: `writing how far ${name} is searched` })
  }

  /** Empty before the first has been written: nothing has been looked at. */
  async read({ name, version }: StreamKey, generation: number): Promise<Offsets> {
    const [row] = await this.session.execute(select, [name, version, generation], { action: `reading how far ${name} is searched` })
    return row ? JSON.parse(textOf(row, 'offsets')) as Offsets : {}
  }
}
