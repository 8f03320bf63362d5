import cassandra from 'cassandra-driver'
import { CassandraError } from './cassandra.errors.ts'

/**
 * What a cell holds on our side of the driver: bigint, int, double and decimal are numbers (safe ones or an error),
 * timestamp is epoch milliseconds, date is `YYYY-MM-DD`, uuid is text, blob is a Buffer. An absent cell is null.
 */
export type Cell = string | number | boolean | Buffer | null | readonly Cell[]

export type Row = Readonly<Record<string, Cell>>

/** What is sent: the same, and undefined where the cell is to be left as it is. Instants are epoch milliseconds. */
export type Param = string | number | boolean | Buffer | null | undefined | readonly Param[]

/** A row of the driver as plain data. */
export function rowOf(row: object): Row {
  const cells: Record<string, Cell> = {}
  for (const [name, value] of Object.entries(row)) cells[name] = cellOf(value, name)
  return cells
}

function cellOf(value: unknown, column: string): Cell {
  if (value === null || value === undefined) return null
  if (typeof value === 'string' || typeof value === 'boolean' || Buffer.isBuffer(value)) return value
  if (typeof value === 'number') return value
  if (value instanceof cassandra.types.Long) return safe(value.toNumber(), value.toString(), column)
  if (value instanceof Date) return value.getTime()
  if (Array.isArray(value)) return value.map((item) => cellOf(item, column))
  if (value instanceof cassandra.types.Uuid || value instanceof cassandra.types.LocalDate) return value.toString()
  throw unreadable(column, `a ${typeof value} that this library has no rule for`)
}

function safe(value: number, text: string, column: string): number {
  if (!Number.isSafeInteger(value)) throw unreadable(column, `${text}, beyond the whole numbers that JavaScript holds exactly`)
  return value
}

const unreadable = (column: string, found: string): CassandraError =>
  new CassandraError('cassandra_value_unreadable', `column ${column}: found ${found}. Only this program may write its tables; look who else does.`, { fields: { column } })

/** The text of a column that always has one. */
export function textOf(row: Row, column: string): string {
  const value = row[column]
  if (typeof value === 'string') return value
  throw unreadable(column, `${describe(value)} instead of a text`)
}

/** The number of a column that always has one. */
export function numberOf(row: Row, column: string): number {
  const value = row[column]
  if (typeof value === 'number') return value
  throw unreadable(column, `${describe(value)} instead of a number`)
}

/** The bytes of a column that always has some. */
export function bytesOf(row: Row, column: string): Buffer {
  const value = row[column]
  if (Buffer.isBuffer(value)) return value
  throw unreadable(column, `${describe(value)} instead of bytes`)
}

/** The text of a column that may be empty. */
export const maybeText = (row: Row, column: string): string | null => (isAbsent(row[column]) ? null : textOf(row, column))

/** The number of a column that may be empty. */
export const maybeNumber = (row: Row, column: string): number | null => (isAbsent(row[column]) ? null : numberOf(row, column))

const isAbsent = (value: Cell | undefined): boolean => value === null || value === undefined

const describe = (value: Cell | undefined): string => (isAbsent(value) ? 'nothing' : `a ${typeof value}`)
