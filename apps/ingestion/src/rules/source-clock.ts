import type { StreamDeclaration } from '@millrace/stream-kit'
import { IngestionError } from '../ingestion.errors.ts'

const mostMs = 3_600_000

/**
 * The clock that a page's event times are measured by: the source's where it tells, else ours.
 * Throws `source_clock_off` where the two differ by more than an hour and the declaration does not trust the source's.
 */
export function sourceClock({ name, trustSourceClock }: Pick<StreamDeclaration, 'name' | 'trustSourceClock'>, { dateMs, nowMs }: { dateMs: number | null; nowMs: number }): number {
  if (dateMs === null) return nowMs
  if (!trustSourceClock && Math.abs(dateMs - nowMs) > mostMs) {
    throw new IngestionError('source_clock_off', `The source of ${name} says it is ${new Date(dateMs).toISOString()}, this machine ${new Date(nowMs).toISOString()}. Correct the clock that is wrong; declare trustSourceClock for a replay.`, { fields: { stream: name } })
  }
  return dateMs
}
