import type { WindowRow } from '../rows/window-row.ts'

/** Events of each group in the windows that start at `from` or later; groups without any are left out. */
export function eventTotals(groups: ReadonlyMap<string, readonly WindowRow[]>, from: number): ReadonlyMap<string, number> {
  const totals = new Map<string, number>()
  for (const [key, rows] of groups) {
    const total = rows.reduce((sum, { start, events }) => (start >= from ? sum + events : sum), 0)
    if (total > 0) totals.set(key, total)
  }
  return totals
}

/** By how much a group must have more events than one that is drawn to take its place. */
const clearlyMore = 1.25

/**
 * The groups with most events. One that is drawn keeps its place, and so its colour, until another has clearly more:
 * lines that change places with every count cannot be read.
 */
export function chooseGroups(drawn: readonly string[], totals: ReadonlyMap<string, number>, most: number): readonly string[] {
  const total = (key: string): number => totals.get(key) ?? 0
  const others = [...totals.keys()].filter((key) => !drawn.includes(key)).sort((a, b) => total(b) - total(a) || (a < b ? -1 : 1))
  const chosen = drawn.flatMap((key) => (totals.has(key) ? key : (others.shift() ?? [])))
  while (chosen.length < most && others.length > 0) chosen.push(...others.splice(0, 1))
  for (const key of others) {
    const least = chosen.reduce((found, candidate) => (total(candidate) < total(found) ? candidate : found))
    if (total(key) <= total(least) * clearlyMore) break
    chosen[chosen.indexOf(least)] = key
  }
  return chosen.length === drawn.length && chosen.every((key, at) => key === drawn[at]) ? drawn : chosen
}
