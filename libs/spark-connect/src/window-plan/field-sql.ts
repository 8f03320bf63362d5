import { instantRange, type FieldKind, type FieldSpec } from '@millrace/stream-kit'
import { sqlName } from './sql-text.ts'

interface FieldSql {
  /** The type in the JSON of an event. */
  readonly type: string
  /** What a value must fulfil to be one of the kind; null if its type says it all. */
  readonly isValid: ((column: string) => string) | null
  /** The value as text, as a group tells it. */
  readonly asText: (column: string) => string
}

const within = (min: string, max: string) => (column: string) => `${column} BETWEEN ${min} AND ${max}`
const cast = (column: string) => `CAST(${column} AS STRING)`

/** The greatest finite double. NaN is greater than every number to Spark, so BETWEEN refuses it together with infinity. */
export const greatestReal = '1.7976931348623157E308D'
export const isFiniteReal = within(`-${greatestReal}`, greatestReal)
/** The whole numbers that a double, and so JSON in JavaScript, holds exactly. */
export const isSafeInt = within(`-${Number.MAX_SAFE_INTEGER}L`, `${Number.MAX_SAFE_INTEGER}L`)

/** What each kind of field is in Spark. A kind more does not compile until it stands here. */
const fieldSql: Readonly<Record<FieldKind, FieldSql>> = {
  text: { type: 'STRING', isValid: null, asText: (column) => column },
  uuid: { type: 'STRING', isValid: null, asText: (column) => column },
  int: { type: 'BIGINT', isValid: isSafeInt, asText: cast },
  real: { type: 'DOUBLE', isValid: isFiniteReal, asText: cast },
  bool: { type: 'BOOLEAN', isValid: null, asText: cast },
  // Outside of this range timestamp_millis() would stop the query, again and again.
  instant: { type: 'BIGINT', isValid: within(`${instantRange.min}L`, `${instantRange.max}L`), asText: cast },
}

/** `` `depthKm` DOUBLE `` */
export const fieldDdl = (name: string, { kind }: FieldSpec): string => `${sqlName(name)} ${fieldSql[kind].type}`

/** The field's value as a group's text; an instant is its epoch milliseconds. */
export const fieldText = (column: string, { kind }: FieldSpec): string => fieldSql[kind].asText(column)

/** What makes the column a value of the field: true, or else false or null. Null where nothing has to be asked. */
export function fieldCheck(column: string, { kind, isOptional }: FieldSpec): string | null {
  const check = fieldSql[kind].isValid?.(column) ?? null
  if (isOptional) return check === null ? null : `(${column} IS NULL OR ${check})`
  return check ?? `${column} IS NOT NULL`
}
