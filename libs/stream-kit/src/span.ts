import { DeclarationError } from './declaration.errors.ts'

const unitMs = { millisecond: 1, second: 1_000, minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const

type Unit = keyof typeof unitMs

/** A length of time as people write it: `'30 seconds'`, `'1 hour'`. */
export type Span = `${number} ${Unit}` | `${number} ${Unit}s`

const pattern = /^([1-9]\d*) (millisecond|second|minute|hour|day)s?$/

/** The span in milliseconds. Throws DeclarationError, naming `where`, for anything that is no span. */
export function spanMs(span: Span, where = 'span'): number {
  const match = pattern.exec(span)
  if (!match) throw new DeclarationError(where, `'${span}' is not a span.`, "Write a whole number and a unit, such as '30 seconds' or '1 hour'.")
  return Number(match[1]) * unitMs[match[2] as Unit]
}

/** The shortest way to write a number of milliseconds as a span: 3,600,000 is `'1 hour'`. */
export function spanOf(ms: number): Span {
  const units = Object.entries(unitMs).reverse() as [Unit, number][]
  const [unit, size] = units.find(([, length]) => ms % length === 0) ?? ['millisecond', 1]
  const count = ms / size
  return count === 1 ? `${count} ${unit}` : `${count} ${unit}s`
}
