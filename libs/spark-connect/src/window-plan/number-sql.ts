import { expressionType, type Arithmetic, type FieldSpecs, type NumberExpression } from '@millrace/stream-kit'
import { PlanError } from './plan.errors.ts'
import { sqlName, sqlReal } from './sql-text.ts'

/** Whole numbers are calculated in this type: sums and products of safe integers fit, and what does not becomes null. */
export const wholeNumber = 'DECIMAL(38,0)'

/**
 * Calculates with whole numbers without ever failing: in Spark's ANSI mode an overflow stops the query, and after a
 * restart it meets the same event again. The `try_` functions answer null, and an absent value is skipped.
 */
export const wholeOperation = { plus: 'try_add', minus: 'try_subtract', times: 'try_multiply' } as const
/** Doubles overflow to infinity, which the output leaves out. */
export const realOperation = { plus: '+', minus: '-', times: '*' } as const satisfies Record<Arithmetic['op'], string>

/** The expression in DECIMAL(38,0) if all its parts are whole numbers, else in DOUBLE. */
export const numberSql = (of: NumberExpression, event: FieldSpecs): string =>
  expressionType(of, event).kind === 'int' ? wholeSql(of) : realSql(of, event)

/** The expression in DOUBLE. Parts made of whole numbers alone are exact until they meet a real one. */
export function realSql(of: NumberExpression, event: FieldSpecs): string {
  if (typeof of === 'number') return sqlReal(of)
  if (typeof of === 'string') return event[of]?.kind === 'real' ? sqlName(of) : `CAST(${sqlName(of)} AS DOUBLE)`
  if (expressionType(of, event).kind === 'int') return `CAST(${wholeSql(of)} AS DOUBLE)`
  return `(${realSql(of.left, event)} ${realOperation[of.op]} ${realSql(of.right, event)})`
}

function wholeSql(of: NumberExpression): string {
  if (typeof of === 'string') return `CAST(${sqlName(of)} AS ${wholeNumber})`
  if (typeof of === 'object') return `${wholeOperation[of.op]}(${wholeSql(of.left)}, ${wholeSql(of.right)})`
  if (!Number.isSafeInteger(of)) throw new PlanError('plan_number_refused', `A measure calculates with ${of}, a whole number beyond ±(2^53 − 1). Use a smaller one, or a real field.`)
  return `CAST(${of} AS ${wholeNumber})`
}

/** The fields that the expression reads. */
export function numberFields(of: NumberExpression): string[] {
  if (typeof of === 'number') return []
  return typeof of === 'string' ? [of] : [...numberFields(of.left), ...numberFields(of.right)]
}
