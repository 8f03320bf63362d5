import type { CassandraSession } from '../cassandra-session.ts'
import { inTurns } from '../in-turns.ts'
import { maybeNumber, maybeText, numberOf, textOf, type Row } from '../row.ts'

export interface Sweep {
  /** Epoch milliseconds: what ended before it goes. */
  readonly before: number
  /** Only counts. */
  readonly isDryRun: boolean
}

export interface Swept {
  readonly removed: number
  readonly kept: number
}

/** Removed in one call, at most: each takes two lightweight transactions, and somebody waits for the answer. */
export const mostSwept = 500

const cql = {
  runs: 'SELECT id, state, created_at, updated_at FROM runs',
  keys: 'SELECT caller, key, run_id FROM run_keys',
  removeKey: 'DELETE FROM run_keys WHERE caller = ? AND key = ? IF run_id = ?',
  removeRun: 'DELETE FROM runs WHERE id = ? IF state = ?',
} as const

const ended = new Set(['succeeded', 'failed', 'abandoned'])
const pageRows = 1_000
const atOnce = 16

/**
 * Removes the records of runs that have ended, and their keys. The keys go first: a key whose run is gone would start it
 * once more. May be stopped anywhere and done again.
 */
export async function sweepRuns(session: CassandraSession, { before, isDryRun }: Sweep): Promise<Swept> {
  const old = new Map<string, string>()
  let all = 0
  for await (const row of session.scan(cql.runs, [], { pageRows, action: 'looking for old runs' })) {
    all += 1
    const state = maybeText(row, 'state')
    if (old.size < mostSwept && state !== null && ended.has(state) && endOf(row) < before) old.set(textOf(row, 'id'), state)
  }
  if (isDryRun) return { removed: old.size, kept: all - old.size }

  const keys: Row[] = []
  for await (const row of session.scan(cql.keys, [], { pageRows, action: 'looking for the keys of old runs' })) if (old.has(textOf(row, 'run_id'))) keys.push(row)
  await inTurns(keys, atOnce, async (row) => {
    await session.decide({ cql: cql.removeKey, params: [textOf(row, 'caller'), textOf(row, 'key'), textOf(row, 'run_id')] }, { action: 'removing the key of an old run' })
  })
  let removed = 0
  await inTurns([...old], atOnce, async ([id, state]) => {
    const { applied } = await session.decide({ cql: cql.removeRun, params: [id, state] }, { action: `removing run ${id}` })
    if (applied) removed += 1
  })
  return { removed, kept: all - removed }
}

/** When it was saved last; one that was never saved has not ended since it was entered. */
const endOf = (row: Row): number => maybeNumber(row, 'updated_at') ?? numberOf(row, 'created_at')
