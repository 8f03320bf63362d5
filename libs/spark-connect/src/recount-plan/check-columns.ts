import { measureType, type FieldSpecs, type Measure, type ViewDeclaration } from '@millrace/stream-kit'
import { eventsColumn, measureSql, type Aggregate } from '../window-plan/measure-sql.ts'
import { realSql } from '../window-plan/number-sql.ts'
import { sqlName, sqlReal } from '../window-plan/sql-text.ts'

/** The columns of a view's aggregation, and what is made of them: SQL, each with its name. */
export interface CheckColumns {
  readonly aggregates: readonly string[]
  /** The values, as declared. */
  readonly measures: readonly string[]
  /** For each real measure that is calculated: how large the numbers were that made it. */
  readonly magnitudes: readonly string[]
  /** For each percentile: the least and the greatest value whose rank is within the declared accuracy. */
  readonly ranks: readonly string[]
}

/** What a recount computes for the windows of a view, and what it takes to judge the stored values by it. */
export function checkColumns({ measures: declared }: Pick<ViewDeclaration, 'measures'>, event: FieldSpecs): CheckColumns {
  const aggregates: string[] = []
  const columnOf = ({ call, only }: Aggregate): string => {
    aggregates.push(`${call}${only === null ? '' : ` FILTER (WHERE ${only})`} AS a${aggregates.length}`)
    return `a${aggregates.length - 1}`
  }
  const context: Context = { event, columnOf }
  const measures = declared.map(({ name, measure }) => `${measureSql(measure, context)} AS ${sqlName(name)}`)
  const magnitudes = declared.flatMap(({ name, measure }) => (isCalculatedReal(measure, event) ? [`${magnitudeSql(measure, context)} AS ${sqlName(name)}`] : []))
  const ranks = declared.flatMap(({ name, measure }) => (measure.kind === 'approxPercentile' ? [`${ranksSql(measure, context)} AS ${sqlName(name)}`] : []))
  return { aggregates, measures, magnitudes, ranks }
}

interface Context {
  readonly event: FieldSpecs
  readonly columnOf: (aggregate: Aggregate) => string
}

type Of<K extends Measure['kind']> = Extract<Measure, { kind: K }>

const isCalculatedReal = (measure: Measure, event: FieldSpecs) =>
  (measure.kind === 'sum' || measure.kind === 'avg' || measure.kind === 'derived') && measureType(measure, event).kind === 'real'

/**
 * Rounding errors are relative to the numbers that were added, not to what is left of them: 0.1 + 0.2 − 0.3 is another
 * tiny number in another order. Numbers that cancel each other out are therefore judged by their size.
 */
function magnitudeSql(measure: Measure, context: Context): string {
  const { event, columnOf } = context
  switch (measure.kind) {
    case 'count':
      return `CAST(${eventsColumn} AS DOUBLE)`
    case 'sum':
    case 'avg':
      return columnOf({ call: `${measure.kind}(abs(${realSql(measure.of, event)}))`, only: null })
    case 'derived':
      return derivedMagnitude(measure, context)
    default:
      return `abs(CAST(${measureSql(measure, context)} AS DOUBLE))`
  }
}

function derivedMagnitude({ op, left, right }: Of<'derived'>, context: Context): string {
  const [ofLeft, ofRight] = [magnitudeSql(left, context), magnitudeSql(right, context)]
  if (op === 'times') return `(${ofLeft} * ${ofRight})`
  if (op !== 'dividedBy') return `(${ofLeft} + ${ofRight})`
  const divisor = `CAST(${measureSql(right, context)} AS DOUBLE)`
  return `try_divide(${ofLeft} * ${ofRight}, ${divisor} * ${divisor})`
}

/** Of n values in order, those from rank n(share − 1/accuracy) to n(share + 1/accuracy), one more at the upper end since ranks are whole. */
function ranksSql({ of, share, accuracy }: Of<'approxPercentile'>, { event, columnOf }: Context): string {
  const sorted = columnOf({ call: `sort_array(collect_list(${realSql(of, event)}))`, only: null })
  const rank = (exact: string) => `element_at(${sorted}, CAST(${exact} AS INT))`
  const low = `greatest(1, floor(size(${sorted}) * ${sqlReal(share - 1 / accuracy)}))`
  const high = `least(size(${sorted}), ceil(size(${sorted}) * ${sqlReal(share + 1 / accuracy)}) + 1)`
  return `CASE WHEN size(${sorted}) > 0 THEN array(${rank(low)}, ${rank(high)}) END`
}
