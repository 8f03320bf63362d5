/**
 * SQL text as Spark parses it. Names are quoted with backticks; text literals are written with the only two escapes
 * that Spark needs, so that no value of a declaration can end its literal.
 */
export const sqlName = (name: string): string => `\`${name.replaceAll('`', '``')}\``

export const sqlText = (value: string): string => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

/** A double literal; a number without exponent and point is a valid one with the suffix. */
export const sqlReal = (value: number): string => (value < 0 || Object.is(value, -0) ? `(-${Math.abs(value)}D)` : `${value}D`)

/** A BIGINT literal; the caller has checked that the number is a safe integer. */
export const sqlInt = (value: number): string => (value < 0 ? `(-${Math.abs(value)}L)` : `${value}L`)

/** The conditions joined, or the only one. */
export const allOf = (conditions: readonly string[]): string => (conditions.length === 0 ? 'true' : conditions.join(' AND '))
