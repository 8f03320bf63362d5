import type { Row } from '../http/read-view.ts'

type Value = Row[string]

interface Comparison {
  /** The fields that tell rows apart. */
  readonly key: readonly string[]
  /** Fields made by summing doubles: equal within 1e-9 relative. All others must be equal. */
  readonly within?: readonly string[]
}

const tolerance = 1e-9
const shown = 20

/**
 * The differences between the rows that must be there and those that are: one missing, one too many, one twice, and each
 * field that differs; the first twenty, and how many more. Empty when they are the same rows; the order does not matter.
 */
export function differences(expected: readonly Row[], actual: readonly Row[], comparison: Comparison): string[] {
  const all = allDifferences(expected, actual, comparison)
  return all.length <= shown ? all : [...all.slice(0, shown), `… and ${all.length - shown} more`]
}

function allDifferences(expected: readonly Row[], actual: readonly Row[], { key, within = [] }: Comparison): string[] {
  const keyOf = (row: Row): string => JSON.stringify(key.map((field) => row[field]))
  const found = new Map<string, Row>()
  const problems: string[] = []
  for (const row of actual) {
    if (found.has(keyOf(row))) problems.push(`${keyOf(row)} is answered twice`)
    found.set(keyOf(row), row)
  }
  for (const row of expected) {
    const other = found.get(keyOf(row))
    found.delete(keyOf(row))
    if (!other) problems.push(`${keyOf(row)} is missing; expected ${JSON.stringify(row)}`)
    else problems.push(...differentFields(row, other, within).map((text) => `${keyOf(row)}: ${text}`))
  }
  return [...problems, ...[...found.keys()].map((row) => `${row} is answered and should not be there`)]
}

function differentFields(expected: Row, actual: Row, within: readonly string[]): string[] {
  const names = [...new Set([...Object.keys(expected), ...Object.keys(actual)])]
  return names
    .filter((name) => !isSame(expected[name], actual[name], within.includes(name)))
    .map((name) => `${name} is ${JSON.stringify(actual[name])}, expected ${JSON.stringify(expected[name])}`)
}

function isSame(expected: Value | undefined, actual: Value | undefined, roughly: boolean): boolean {
  if (!roughly || typeof expected !== 'number' || typeof actual !== 'number') return expected === actual
  return Math.abs(expected - actual) <= tolerance * Math.max(Math.abs(expected), Math.abs(actual))
}
