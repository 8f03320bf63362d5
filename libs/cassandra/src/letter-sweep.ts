import type { CassandraSession } from './cassandra-session.ts'
import type { Sweep, Swept } from './ingestion/sweep-runs.ts'
import { maybeNumber, numberOf, textOf, type Row } from './row.ts'

type Table = 'late_events' | 'dead_letters'

const dayMs = 86_400_000
/** A partition is counted on the server, page by page of its own. */
const countTimeoutMs = 20_000

const cql = (table: Table) => ({
  partitions: `SELECT DISTINCT stream, version, day FROM ${table}`,
  count: `SELECT COUNT(*) AS letters, MAX(received_at) AS newest FROM ${table} WHERE stream = ? AND version = ? AND day = ?`,
  remove: `DELETE FROM ${table} USING TIMESTAMP ? WHERE stream = ? AND version = ? AND day = ?`,
})

/**
 * Removes old letters, a day's partition at once: those that were received before an instant. What is written to a
 * partition while it goes is kept. May be stopped anywhere and done again.
 */
export class LetterSweep {
  constructor(private readonly session: CassandraSession) {}

  async sweep(sweep: Sweep): Promise<{ readonly deadLetters: Swept; readonly lateEvents: Swept }> {
    return { deadLetters: await this.#table('dead_letters', sweep), lateEvents: await this.#table('late_events', sweep) }
  }

  async #table(table: Table, { before, isDryRun }: Sweep): Promise<Swept> {
    const { partitions, count, remove } = cql(table)
    let [removed, kept] = [0, 0]
    for (const row of await this.session.execute(partitions, [], { action: `looking for old ${table}` })) {
      const key = [textOf(row, 'stream'), numberOf(row, 'version'), textOf(row, 'day')] as const
      const lookedAt = Date.now() * 1_000 - 1
      const [counted = {}] = await this.session.execute(count, key, { action: `counting ${table} of ${key.join(' ')}`, timeoutMs: countTimeoutMs })
      const letters = maybeNumber(counted, 'letters') ?? 0
      if (!isOld(table, row, counted, before)) {
        kept += letters
        continue
      }
      if (!isDryRun) await this.session.execute(remove, [lookedAt, ...key], { action: `removing ${table} of ${key.join(' ')}` })
      removed += letters
    }
    return { removed, kept }
  }
}

/** Dead letters lie by the day of their arrival, late events by that of their event: an old event may have come today. */
function isOld(table: Table, partition: Row, counted: Row, before: number): boolean {
  if (table === 'dead_letters') return Date.parse(`${textOf(partition, 'day')}T00:00:00Z`) + dayMs <= before
  const newest = maybeNumber(counted, 'newest')
  return newest === null || newest < before
}
