import type { DrillReport } from './run-drill.ts'

const head = ['drill', 'what', 'events', 'lost', 'double', 'late', 'recount', 'fresh again after', 'took', 'promise']

/** The reports as a table for a terminal. */
export function drillTable(reports: readonly DrillReport[]): string {
  const rows = [head, ...reports.map(rowOf)]
  const widths = head.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()).join('\n')
}

/** The slowest recovery, and of how many. */
export function slowest({ recoveries }: Pick<DrillReport, 'recoveries'>): string {
  if (recoveries.length === 0) return '-'
  const seconds = Math.max(...recoveries.map((recovery) => recovery.seconds))
  return `${seconds.toFixed(1)} s${recoveries.length > 1 ? ` (of ${recoveries.length})` : ''}`
}

const number = (value: number | undefined): string => value === undefined ? '-' : String(value)

function rowOf(report: DrillReport): string[] {
  const { id, title, events, lost, double, late, recount = '-', seconds, outcome, why } = report
  return [id, title, number(events), number(lost), number(double), number(late), recount, slowest(report), `${seconds} s`, outcome === 'not run' ? `not run: ${why ?? ''}` : outcome]
}
