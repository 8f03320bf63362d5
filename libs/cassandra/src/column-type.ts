import type { FieldKind } from '@millrace/stream-kit'
import { CassandraError } from './cassandra.errors.ts'
import type { Cell } from './row.ts'

/** What each kind of value is in Cassandra. A new kind does not compile until it has said so here. */
export const columnType: Readonly<Record<FieldKind, string>> = {
  text: 'text',
  uuid: 'uuid',
  int: 'bigint',
  real: 'double',
  bool: 'boolean',
  instant: 'timestamp',
}

type Value = string | number | boolean

/** A group's value as it travels, which is always text, as the cell of its column. */
const cellFromText: Readonly<Record<FieldKind, (text: string) => Value | undefined>> = {
  text: (text) => (text === '' ? undefined : text),
  uuid: (text) => (uuid.test(text) ? text.toLowerCase() : undefined),
  int: wholeNumber,
  real: (text) => (text === '' || Number.isNaN(Number(text)) ? undefined : Number(text)),
  bool: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
  instant: wholeNumber,
}

/** A measure's value as it travels in JSON, as the cell of its column. Spark writes the doubles that JSON lacks as text. */
const cellFromJson: Readonly<Record<FieldKind, (value: Value) => Value | undefined>> = {
  text: (value) => (typeof value === 'string' ? value : undefined),
  uuid: (value) => (typeof value === 'string' && uuid.test(value) ? value.toLowerCase() : undefined),
  int: (value) => (Number.isSafeInteger(value) ? value : undefined),
  real: (value) => (typeof value === 'number' ? value : beyondJson[String(value)]),
  bool: (value) => (typeof value === 'boolean' ? value : undefined),
  instant: (value) => (Number.isSafeInteger(value) ? value : undefined),
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

const beyondJson: Readonly<Record<string, number>> = { NaN: Number.NaN, Infinity: Number.POSITIVE_INFINITY, '-Infinity': Number.NEGATIVE_INFINITY }

function wholeNumber(text: string): number | undefined {
  return /^-?\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined
}

/** The cell of a group's text. Throws `cassandra_window_refused` where the text is none of that kind. */
export function groupCell(kind: FieldKind, name: string, text: string): Value {
  return cellFromText[kind](text) ?? refuse(name, kind, text)
}

/** The cell of a measure's value. Throws `cassandra_window_refused` where the value is none of that kind. */
export function measureCell(kind: FieldKind, name: string, value: Value): Value {
  return cellFromJson[kind](value) ?? refuse(name, kind, value)
}

/** The value in a cell of a view's table; null where the cell is empty. */
export function valueOf(cell: Cell | undefined, column: string): Value | null {
  if (cell === undefined || cell === null) return null
  if (typeof cell === 'string' || typeof cell === 'number' || typeof cell === 'boolean') return cell
  throw new CassandraError('cassandra_value_unreadable', `column ${column}: found ${Buffer.isBuffer(cell) ? 'bytes' : 'a list'} in a view's table.`, { fields: { column } })
}

function refuse(name: string, kind: FieldKind, value: Value): never {
  throw new CassandraError('cassandra_window_refused', `${name} is ${JSON.stringify(value)}; expected ${kind === 'text' ? 'a text of at least one character' : `a value of kind ${kind}`}.`, { fields: { name } })
}
