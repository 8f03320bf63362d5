import type { WireRecord } from './wire-record.ts'

/** One window of one group, absolute as of this moment: a later record of the same window replaces it. */
export interface WindowRecord {
  readonly view: string
  /** The values of the view's `by` as text (an instant as its epoch milliseconds). */
  readonly group: readonly string[]
  /** Epoch milliseconds; the end is outside. */
  readonly start: number
  readonly end: number
  /** Distinct events in the window; only grows, and is the row's version. */
  readonly events: number
  readonly generation: number
  /** An absent measure is an absent key. */
  readonly measures: Readonly<Record<string, number | string | boolean>>
}

/**
 * One window on the topic `<stream>.v<version>.windows`. Spark writes it; this twin is for tests and tools.
 *
 *     key    ["per-hour","[\"ci\"]",1517443200000]       view, group as JSON text, start
 *     value  {"view":"per-hour","group":["ci"],"start":1517443200000,"end":1517446800000,"events":12,"generation":1,"measures":{"strongest":3.1}}
 */
export function encodeWindow({ view, group, start, end, events, generation, measures }: WindowRecord): WireRecord {
  return {
    key: Buffer.from(JSON.stringify([view, JSON.stringify(group), start])),
    value: Buffer.from(JSON.stringify({ view, group, start, end, events, generation, measures })),
  }
}

/** The window in a parsed value, or what is wrong with it. */
export function windowIn(value: Readonly<Record<string, unknown>>): WindowRecord | string {
  const { view, group, start, end, events, generation, measures } = value
  if (typeof view !== 'string') return 'view is not text'
  if (!Array.isArray(group) || !group.every((part) => typeof part === 'string')) return 'group is not a list of texts'
  if (!isCount(start) || !isCount(end) || start >= end) return 'start and end are no window'
  if (!isCount(events) || events < 1) return 'events is not a whole number above 0'
  if (!isCount(generation) || generation < 1) return 'generation is not a whole number above 0'
  if (typeof measures !== 'object' || measures === null || Array.isArray(measures)) return 'measures is not an object'
  return { view, group, start, end, events, generation, measures: present(measures as Record<string, unknown>) }
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value)

/** Absent measures may arrive as null; a row gets no cell for them. */
const present = (measures: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(measures).filter(([, measure]) => measure !== null)) as WindowRecord['measures']
