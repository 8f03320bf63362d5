import { SparkError } from '../spark.errors.ts'

type Value = string | number | boolean

/** One window of one group as the recount found it. */
export interface RecountedWindow {
  /** The values of the view's `by` as text, as on the windows topic. */
  readonly group: readonly string[]
  /** Epoch milliseconds; the end is outside. */
  readonly start: number
  readonly end: number
  /** Distinct events. */
  readonly events: number
  /** When Kafka took the last of its events: the window's row has been written after that. */
  readonly appendedAt: number
  /** An absent measure is an absent key. */
  readonly measures: Readonly<Record<string, Value>>
  /** How large the numbers were that made a real value. */
  readonly magnitudes: Readonly<Record<string, number>>
  /** The least and the greatest value that a percentile may have. */
  readonly ranks: Readonly<Record<string, readonly [number, number]>>
}

/** The window in a row of `recountRelation`. */
export function recountedWindow(text: string): RecountedWindow {
  const row = JSON.parse(text) as Partial<RecountedWindow>
  const { group, start, end, events, appendedAt, measures = {}, magnitudes = {}, ranks = {} } = row
  if (!Array.isArray(group) || start === undefined || end === undefined || events === undefined || appendedAt === undefined)
    throw new SparkError('spark_failed', `recounting: a row is ${text.slice(0, 200)}; expected a window with group, start, end, events and appendedAt.`)
  // An infinite size is text in JSON; without a size the value itself is the measure.
  const finite = Object.entries(magnitudes).filter(([, size]) => typeof size === 'number')
  return { group, start, end, events, appendedAt, measures, magnitudes: Object.fromEntries(finite), ranks }
}
