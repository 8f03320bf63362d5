import type { Row } from '../../http/read-view.ts'

export interface Balance {
  readonly lost: number
  readonly double: number
}

/** How many events the rows count too few and too many, window by window: one lost here is not made good by one double there. */
export function balanceOf(expected: readonly Row[], actual: readonly Row[], key: readonly string[]): Balance {
  const keyOf = (row: Row): string => JSON.stringify(key.map((field) => row[field]))
  const counts = new Map(actual.map((row) => [keyOf(row), Number(row['events'])]))
  let [lost, double] = [0, 0]
  for (const row of expected) {
    const off = (counts.get(keyOf(row)) ?? 0) - Number(row['events'])
    counts.delete(keyOf(row))
    lost += Math.max(0, -off)
    double += Math.max(0, off)
  }
  for (const events of counts.values()) double += events
  return { lost, double }
}
