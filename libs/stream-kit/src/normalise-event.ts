import type { EventValues, FieldSpecs } from './event.ts'
import type { FieldKind } from './field.ts'

/** An instant of ISO 8601 with an offset; without one it would depend on this machine's zone. */
const isoInstant = /^[+-]?\d{4,6}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/

/** Turns what a record may write for a kind of field into the one way we keep it; what does not fit is left for the schema to refuse. */
const normal: Readonly<Record<FieldKind, (value: unknown) => unknown>> = {
  text: (value) => value,
  uuid: (value) => (typeof value === 'string' ? value.toLowerCase() : value),
  int: (value) => value,
  real: (value) => value,
  bool: (value) => value,
  instant: (value) => {
    if (value instanceof Date) return value.getTime()
    return typeof value === 'string' && isoInstant.test(value) ? Date.parse(value) : value
  },
}

/**
 * The event in its one form: fields in declared order, instants as epoch milliseconds, absent optionals left out.
 * Fields that are not declared stay, for the schema to refuse. Equal events have equal JSON.
 */
export function normaliseEvent(fields: FieldSpecs, input: unknown): EventValues | null {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return null
  const given = input as Readonly<Record<string, unknown>>
  const event: Record<string, unknown> = {}
  for (const [name, { kind, isOptional }] of Object.entries(fields)) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined
    if (value === undefined || (value === null && isOptional)) continue
    event[name] = normal[kind](value)
  }
  for (const name of Object.keys(given)) if (!Object.hasOwn(fields, name)) Object.defineProperty(event, name, { value: given[name], enumerable: true })
  return event as EventValues
}
