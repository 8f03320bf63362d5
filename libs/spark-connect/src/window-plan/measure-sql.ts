import { isCalculated, measureType, type FieldKind, type FieldSpecs, type Measure, type MeasureKind } from '@millrace/stream-kit'
import { isFiniteReal, isSafeInt } from './field-sql.ts'
import { numberFields, numberSql, realOperation, realSql, wholeNumber, wholeOperation } from './number-sql.ts'
import { sqlName, sqlReal } from './sql-text.ts'

/** An aggregate function over the events of a window. */
export interface Aggregate {
  readonly call: string
  /** Which events count; null for all. */
  readonly only: string | null
}

/** Gives an aggregate the name of its column; the same aggregate has the same name wherever it is used. */
export type ColumnOf = (aggregate: Aggregate) => string

interface Context {
  readonly event: FieldSpecs
  readonly columnOf: ColumnOf
}

type Simple = Exclude<MeasureKind, 'derived'>
type Of<K extends MeasureKind> = Extract<Measure, { kind: K }>

/** The count of distinct events, which every window has. */
export const eventsColumn = 'events'
/** The order of events: by event time, then by the fields of the id. */
export const orderColumn = '_ord'

const all = (call: string): Aggregate => ({ call, only: null })
/** By event time, then id; without an order, ties would be decided by chance. An absent value is no value. */
const byTime = (call: string) => ({ of }: { of: string }): Aggregate => ({ call: `${call}(${sqlName(of)}, ${orderColumn})`, only: `${sqlName(of)} IS NOT NULL` })

/** What each kind of measure is in Spark. A kind more does not compile until it stands here. */
const aggregateOf: { readonly [K in Simple]: (measure: Of<K>, event: FieldSpecs) => Aggregate | null } = {
  count: () => null,
  sum: ({ of }, event) => all(isWhole({ kind: 'sum', of }, event) ? `try_sum(${numberSql(of, event)})` : `sum(${numberSql(of, event)})`),
  avg: ({ of }, event) => all(`avg(${realSql(of, event)})`),
  min: ({ of }) => all(`min(${sqlName(of)})`),
  max: ({ of }) => all(`max(${sqlName(of)})`),
  first: byTime('min_by'),
  last: byTime('max_by'),
  approxCountDistinct: ({ of }) => all(`approx_count_distinct(${sqlName(of)})`),
  approxPercentile: ({ of, share, accuracy }, event) => all(`approx_percentile(${realSql(of, event)}, ${sqlReal(share)}, ${accuracy})`),
}

/**
 * The measure's value over the columns of the aggregation, as it is written out. What a row cannot hold (an infinite
 * real, a whole number beyond ±(2^53 − 1)) is left out, like any absent value.
 */
export function measureSql(measure: Measure, context: Context): string {
  const value = rawSql(measure, context)
  const check = outputCheck[measureType(measure, context.event).kind]
  if (check === null || !isCalculated(measure)) return value
  return `CASE WHEN ${check(value)} THEN ${isWhole(measure, context.event) ? `CAST(${value} AS BIGINT)` : value} END`
}

function rawSql(measure: Measure, context: Context): string {
  if (measure.kind === 'derived') return derivedSql(measure, context)
  const translate = aggregateOf[measure.kind] as (measure: Measure, event: FieldSpecs) => Aggregate | null
  const aggregate = translate(measure, context.event)
  return aggregate === null ? eventsColumn : context.columnOf(aggregate)
}

function derivedSql({ op, left, right }: Of<'derived'>, context: Context): string {
  const operand = (measure: Measure, type: string) => `CAST(${rawSql(measure, context)} AS ${type})`
  if (op === 'dividedBy') return `try_divide(${operand(left, 'DOUBLE')}, ${operand(right, 'DOUBLE')})`
  if (isWhole(left, context.event) && isWhole(right, context.event)) return `${wholeOperation[op]}(${operand(left, wholeNumber)}, ${operand(right, wholeNumber)})`
  return `(${operand(left, 'DOUBLE')} ${realOperation[op]} ${operand(right, 'DOUBLE')})`
}

const isWhole = (measure: Measure, event: FieldSpecs) => measureType(measure, event).kind === 'int'

const outputCheck: Readonly<Record<FieldKind, ((value: string) => string) | null>> = {
  text: null, uuid: null, bool: null, instant: null, int: isSafeInt, real: isFiniteReal,
}

/** The fields that a measure reads. */
export function measureFields(measure: Measure): string[] {
  switch (measure.kind) {
    case 'count':
      return []
    case 'sum':
    case 'avg':
      return numberFields(measure.of)
    case 'derived':
      return [...measureFields(measure.left), ...measureFields(measure.right)]
    default:
      return [measure.of]
  }
}
