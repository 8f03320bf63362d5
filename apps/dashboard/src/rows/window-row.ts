import type { RowAnswer, Value, ViewAnswer } from '../api/answers.ts'

/** A row of a view, read once. Instants are epoch milliseconds. */
export interface WindowRow {
  /** Of its group; equal for equal groups. */
  readonly key: string
  /** The values of the group fields, in the order of the view's `by`. */
  readonly group: readonly Value[]
  readonly start: number
  readonly end: number
  readonly events: number
  /** By the measure's name. */
  readonly measures: Readonly<Record<string, Value>>
  readonly isFinal: boolean
}

/** Reads a row of the view; null for one without a window, which no row of a view is. */
export function readWindowRow({ by, measures }: Pick<ViewAnswer, 'by' | 'measures'>, row: RowAnswer): WindowRow | null {
  const [start, end, events] = [Date.parse(String(row['windowStart'])), Date.parse(String(row['windowEnd'])), row['events']]
  if (Number.isNaN(start) || Number.isNaN(end) || typeof events !== 'number') return null
  const group = by.map((name) => row[name] ?? null)
  return { key: groupKey(group), group, start, end, events, measures: Object.fromEntries(measures.map(({ name }) => [name, row[name] ?? null])), isFinal: row['final'] === true }
}

/** JSON has no separator that a value could hold. */
export const groupKey = (group: readonly Value[]): string => JSON.stringify(group)

/** A group as it is shown and as it stands in a path. */
export const groupTexts = (group: readonly Value[]): string[] => group.map(String)

/** The number that a row has for a measure, or for `events`; null where it has none. */
export function numberOf({ events, measures }: WindowRow, measure: string): number | null {
  const value = measure === 'events' ? events : measures[measure]
  return typeof value === 'number' ? value : null
}
