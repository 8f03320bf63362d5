import { ledgerBucketMs as bucketMs } from '@millrace/stream-kit'
import { readInstant } from './field-values.ts'
import { RequestRefused, type WrongPart } from './rest.errors.ts'
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

const known = ['from', 'to', 'version', 'cursor'] as const
type Known = (typeof known)[number]

/** Reads `from`, `to`, `version` and `cursor`. Throws RequestRefused with every wrong parameter at once. */
export function readLedgerQuery(parameters: Readonly<Record<string, unknown>>): LedgerQuery {
  const wrong: WrongPart[] = []
  const refuse = (parameter: string, found: string, expected: string, cure: string): null => {
    wrong.push({ parameter, in: 'query', found, expected, cure })
    return null
  }
  const texts: Partial<Record<Known, string>> = {}
  for (const [name, value] of Object.entries(parameters)) {
    if (!isKnown(name)) refuse(name, 'not a parameter', known.join(', '), 'Leave it out.')
    else if (typeof value !== 'string') refuse(name, 'given more than once', 'one value', 'Give it once.')
    else texts[name] = value
  }
  const instant = (name: 'from' | 'to'): number | null => {
    const text = texts[name]
    if (text === undefined) return null
    const reading = readInstant(text)
    return 'value' in reading ? reading.value : refuse(name, `'${text}'`, reading.expected, reading.cure)
  }
  const [from, to] = [instant('from'), instant('to')]
  if (from !== null && to !== null && from >= to) refuse('from', `'${texts.from ?? ''}'`, `an instant before to, '${texts.to ?? ''}'`, 'Swap or widen them: hours that begin at from or later and before to are answered.')
  const version = texts.version === undefined ? null : /^[1-9]\d{0,8}$/.test(texts.version) ? Number(texts.version) : refuse('version', `'${texts.version}'`, 'a whole number from 1', 'Leave it out for the newest.')
  if (texts.cursor === '') refuse('cursor', 'empty', 'the page.next of an answer', 'Leave it out for the first page.')
  if (wrong.length > 0) throw new RequestRefused(wrong)
  return { from, to, version, cursor: texts.cursor ?? null }
}

const isKnown = (name: string): name is Known => (known as readonly string[]).includes(name)

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
