import type { CassandraSession, Statement } from '@millrace/cassandra'

const versioned = 'USING TIMESTAMP ? AND TTL ?'

/** Writes rows as of this process's clock, not as of their number of events: the last to write wins, by its own clock. For drills. */
export const wallClockSession = (session: Pick<CassandraSession, 'batch'>): Pick<CassandraSession, 'batch'> => ({
  batch: (statements: readonly Statement[], options) => session.batch(statements.map(({ cql, params = [] }) => {
    if (!cql.endsWith(versioned)) return { cql, params }
    return { cql, params: [...params.slice(0, -2), Date.now() * 1_000, params.at(-1) ?? null] }
  }), options),
})
