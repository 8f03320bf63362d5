import type { Condition, FieldKind, FieldSpecs } from '@millrace/stream-kit'
import { PlanError } from './plan.errors.ts'
import { sqlInt, sqlName, sqlReal, sqlText } from './sql-text.ts'

type Value = string | number | boolean

const number = (value: number) => (Number.isSafeInteger(value) ? sqlInt(value) : sqlReal(value))

const literalOf: Readonly<Record<FieldKind, (value: Value) => string>> = {
  text: (value) => sqlText(String(value)),
  uuid: (value) => sqlText(String(value)),
  int: (value) => number(Number(value)),
  real: (value) => sqlReal(Number(value)),
  bool: String,
  instant: (value) => number(Number(value)),
}

const operator = { atLeast: '>=', above: '>', atMost: '<=', below: '<' } as const

/**
 * A view's `where` as SQL, with an outer pair of brackets where it needs one. SQL's three values say what stream-kit
 * promises: nothing but `not(present(…))` is true of an absent field.
 */
export function conditionSql(condition: Condition, event: FieldSpecs): string {
  switch (condition.op) {
    case 'atLeast':
    case 'above':
    case 'atMost':
    case 'below':
      return `${sqlName(condition.field)} ${operator[condition.op]} ${literal(condition.field, condition.value, event)}`
    case 'oneOf':
      return `${sqlName(condition.field)} IN (${condition.values.map((value) => literal(condition.field, value, event)).join(', ')})`
    case 'present':
      return `${sqlName(condition.field)} IS NOT NULL`
    case 'every':
      return `(${condition.of.map((part) => conditionSql(part, event)).join(' AND ')})`
    case 'some':
      return `(${condition.of.map((part) => conditionSql(part, event)).join(' OR ')})`
    case 'not':
      return `(NOT ${conditionSql(condition.of, event)})`
  }
}

function literal(field: string, value: Value, event: FieldSpecs): string {
  const kind = event[field]?.kind
  if (kind === undefined) throw new PlanError('plan_field_unknown', `A condition reads the field '${field}', which the event lacks. defineStream() refuses that: was the declaration made without it?`)
  return literalOf[kind](value)
}
