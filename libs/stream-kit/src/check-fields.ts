import { DeclarationError } from './declaration.errors.ts'
import type { FieldSpecs } from './event.ts'
import type { FieldSpec } from './field.ts'
import { snakeCase } from './names.ts'

const camel = /^[a-z][a-zA-Z0-9]{0,39}$/

/** Names that a row or a table has of its own. */
const reserved = ['day', 'hour', 'window', 'windowStart', 'windowEnd', 'events', 'generation', 'final']

/** Refuses a name that could not stand in a row beside the row's own columns, or not in every system. */
export function checkName(name: string, where: string): void {
  if (!camel.test(name)) throw new DeclarationError(where, `The name '${name}' is not in camelCase, or longer than 40 characters.`, "Use letters and digits, a lower-case letter first, such as 'depthKm'.")
  if (reserved.includes(name)) throw new DeclarationError(where, `The name '${name}' is reserved: every row has it already.`, `Choose another than ${reserved.join(', ')}.`)
}

/** Refuses two names that Cassandra and Spark, which ignore case, would take for one. */
export function checkDistinct(names: readonly string[], where: string): void {
  const seen = new Map<string, string>()
  for (const name of names)
    for (const form of new Set([name.toLowerCase(), snakeCase(name)])) {
      const other = seen.get(form)
      if (other !== undefined) throw new DeclarationError(where, `'${name}' and '${other}' are one name where case is ignored.`, 'Rename one of them.')
      seen.set(form, name)
    }
}

export function checkFields(event: FieldSpecs, where: string): void {
  const names = Object.keys(event)
  if (names.length === 0 || names.length > 200) throw new DeclarationError(where, `The event has ${names.length} fields.`, 'Declare 1 to 200.')
  for (const name of names) checkName(name, `${where}, event`)
  checkDistinct(names, `${where}, event`)
  for (const [name, { maxLength }] of Object.entries(event))
    if (maxLength !== undefined && (!Number.isInteger(maxLength) || maxLength < 1 || maxLength > 65_535))
      throw new DeclarationError(`${where}, field '${name}'`, `maxLength is ${maxLength}.`, 'Use a whole number from 1 to 65,535.')
}

/** The field of that name; refuses a name that the event lacks, listing those it has. */
export function checkKnown(event: FieldSpecs, name: string, where: string): FieldSpec {
  const field = Object.hasOwn(event, name) ? event[name] : undefined
  if (!field) throw new DeclarationError(where, `There is no field '${name}'.`, `The event has ${Object.keys(event).join(', ')}.`)
  return field
}
