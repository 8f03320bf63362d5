import { CassandraError } from './cassandra.errors.ts'
import type { CassandraSession, Statement } from './cassandra-session.ts'

const mostAttempts = 3

/** A lightweight transaction that may be applied twice without harm: a lost answer is settled by doing it again. */
export async function decideRepeatably(session: CassandraSession, statement: Statement, action: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await session.decide(statement, { action })
      return
    } catch (error) {
      if (attempt === mostAttempts || !(error instanceof CassandraError && error.code === 'cassandra_outcome_unknown')) throw error
    }
  }
}
