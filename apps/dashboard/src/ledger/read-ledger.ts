import type { LedgerAnswer, StreamAnswer } from '../api/answers.ts'
import { streamPath } from '../api/paths.ts'
import type { Read, Reading } from '../api/read-json.ts'

/** A ledger of a day has at most one page an hour, and one for the records without an event time. */
const mostPages = 26

/** The ledger of the last day, all pages of it: they come oldest first, and the newest hours matter most. */
export async function readLedger(read: Read, stream: Pick<StreamAnswer, 'name' | 'version'>, signal: AbortSignal): Promise<Reading<LedgerAnswer>> {
  let reading = await read<LedgerAnswer>(streamPath(stream, ['ledger']), signal)
  for (let page = 1; page < mostPages && !('problem' in reading); page += 1) {
    const { value: before } = reading
    if (before.page.next === null) break
    const next: Reading<LedgerAnswer> = await read<LedgerAnswer>(streamPath(stream, ['ledger'], { cursor: before.page.next }), signal)
    reading = 'problem' in next ? next : { value: { ...next.value, data: [...before.data, ...next.value.data] }, serverNow: next.serverNow }
  }
  return reading
}

/** The hours that are closed and do not balance. */
export const unbalancedOf = ({ data }: LedgerAnswer): number => data.filter(({ state }) => state === 'unbalanced').length
