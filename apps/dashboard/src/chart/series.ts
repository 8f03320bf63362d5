import { groupTexts, numberOf, type WindowRow } from '../rows/window-row.ts'

export type Points = readonly (number | null)[]

/** The line of one group: final windows and provisional ones apart, both along the same instants. */
export interface ChartLine {
  readonly key: string
  readonly group: readonly string[]
  readonly final: Points
  /** Begins with the last final point before it, so that the line is not broken. */
  readonly provisional: Points
  /** Where provisional points are to be marked as such. */
  readonly hollow: readonly number[]
}

export interface ChartData {
  /** The end of each window: whatever lies left of `finalUntil` is final. Epoch milliseconds, one for each window that there could be. */
  readonly ends: readonly number[]
  readonly lines: readonly ChartLine[]
}

interface ChartQuestion {
  readonly groups: ReadonlyMap<string, readonly WindowRow[]>
  /** Which groups, in the order of their lines. */
  readonly keys: readonly string[]
  readonly measure: string
  /** The start of the newest window. */
  readonly newest: number
  readonly windows: number
  readonly slideMs: number
  readonly sizeMs: number
}

/** Rows as aligned lines. A window that a group does not have, or that has no value, is a gap. */
export function chartData({ groups, keys, measure, newest, windows, slideMs, sizeMs }: ChartQuestion): ChartData {
  const first = newest - (windows - 1) * slideMs
  const starts = Array.from({ length: windows }, (_, at) => first + at * slideMs)
  return {
    ends: starts.map((start) => start + sizeMs),
    lines: keys.map((key) => lineOf(key, { rows: groups.get(key) ?? [], starts, measure })),
  }
}

function lineOf(key: string, { rows, starts, measure }: { readonly rows: readonly WindowRow[]; readonly starts: readonly number[]; readonly measure: string }): ChartLine {
  const byStart = new Map(rows.map((row) => [row.start, row]))
  const along = starts.map((start) => byStart.get(start))
  const values = along.map((row) => (row ? numberOf(row, measure) : null))
  const isFinal = along.map((row) => row?.isFinal === true)
  const hollow = values.flatMap((value, at) => (value !== null && isFinal[at] === false ? [at] : []))
  const bridges = new Set(hollow.map((at) => at - 1))
  return {
    key,
    group: rows[0] ? groupTexts(rows[0].group) : [],
    final: values.map((value, at) => (isFinal[at] === true ? value : null)),
    provisional: values.map((value, at) => (isFinal[at] === false || bridges.has(at) ? value : null)),
    hollow,
  }
}

/** The points without a neighbour, which no line shows. */
export const alone = (points: Points): number[] => points.flatMap((point, at) => (point !== null && (points[at - 1] ?? null) === null && (points[at + 1] ?? null) === null ? [at] : []))

/** The value of a line at a place, final or not. */
export const valueAt = ({ final, provisional }: ChartLine, at: number): number | null => final[at] ?? provisional[at] ?? null

/** The last place at which any line has a value; null where none has. */
export function lastPlace({ ends, lines }: ChartData): number | null {
  for (let at = ends.length - 1; at >= 0; at -= 1) if (lines.some((line) => valueAt(line, at) !== null)) return at
  return null
}
