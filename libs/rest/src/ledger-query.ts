import { ledgerBucketMs as bucketMs } from '@millrace/stream-kit'
import { QueryTexts } from './query-texts.ts'
import type { TimeRange } from './view-query.ts'

/** The query of a ledger as it was asked. Instants are epoch milliseconds. */
export interface LedgerQuery {
  readonly from: number | null
  readonly to: number | null
  readonly version: number | null
  readonly cursor: string | null
}

/** Buckets an answer, at most: a week. */
export const mostBuckets = 168

/** Reads `from`, `to`, `version` and `cursor`. Throws RequestRefused with every wrong parameter at once. */
export function readLedgerQuery(parameters: Readonly<Record<string, unknown>>): LedgerQuery {
  const query = new QueryTexts(parameters, ['from', 'to', 'version', 'cursor'])
  const { from, to } = query.range('from', 'to', 'hours that begin')
  const version = query.version('version')
  const cursor = query.cursor('cursor')
  query.check()
  return { from, to, version, cursor }
}

const dayMs = 86_400_000
const hourFrom = (ms: number): number => Math.ceil(ms / bucketMs) * bucketMs

/**
 * Completes the range, in full hours: `to` is the end of the hour of the highest event time, `from` a day before `to`,
 * or the horizon where that is later: what is older has outlived the retention. Null where there is nothing in it.
 */
export function ledgerRange({ from, to }: Pick<LedgerQuery, 'from' | 'to'>, { highest, horizon }: { readonly highest: number | null; readonly horizon: number }): TimeRange | null {
  const end = to ?? (highest === null ? null : Math.floor(highest / bucketMs) * bucketMs + bucketMs)
  if (end === null) return null
  const range = { from: hourFrom(from ?? Math.max(end - dayMs, horizon)), to: hourFrom(end) }
  return range.from < range.to ? range : null
}
