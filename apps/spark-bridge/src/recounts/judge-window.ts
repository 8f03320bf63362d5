import type { ReadWindow } from '@millrace/cassandra'
import type { RecountedWindow } from '@millrace/spark-connect'
import { measureType, type FieldSpecs, type Measure, type MeasureDeclaration, type ViewDeclaration } from '@millrace/stream-kit'

type Value = string | number | boolean

interface Sides {
  readonly recounted: Value
  readonly stored: Value
  readonly name: string
  readonly window: RecountedWindow
}

type Rule = (sides: Sides) => boolean

/** How far two orders of adding the same reals may be apart, relative to the size of what was added. */
const tolerance = 1e-9

const isEqual: Rule = ({ recounted, stored }) => recounted === stored

/** Cassandra writes UUIDs in lower case. */
const isSameUuid: Rule = ({ recounted, stored }) => String(recounted).toLowerCase() === String(stored).toLowerCase()

const isClose: Rule = ({ recounted, stored, name, window }) => {
  const size = Math.max(Math.abs(Number(recounted)), Math.abs(Number(stored)), window.magnitudes[name] ?? 0)
  return Math.abs(Number(recounted) - Number(stored)) <= tolerance * size
}

/** The batch says between which values the rank is within the declared accuracy. */
const isOfRank: Rule = ({ stored, name, window }) => {
  const ranks = window.ranks[name]
  return ranks !== undefined && Number(stored) >= ranks[0] && Number(stored) <= ranks[1]
}

/** Two percentiles that are both right may give quotients and differences of any size: nothing more can be asked than that there is a value. */
const isThere: Rule = () => true

/**
 * Whether the values of a view's rows say the same: counts, whole numbers, instants, texts, least and greatest, first and
 * last, and approximate distinct counts (their sketch does not depend on the order) must be equal; reals that are
 * calculated may differ by rounding; an approximate percentile by its declared rank accuracy. Absent is equal to absent.
 */
export function windowJudge({ measures }: Pick<ViewDeclaration, 'measures'>, event: FieldSpecs): (recounted: RecountedWindow, stored: ReadWindow) => boolean {
  const rules = measures.map((declared) => ({ name: declared.name, rule: ruleOf(declared, event) }))
  return (recounted, stored) =>
    recounted.events === stored.events && recounted.end === stored.windowEnd && rules.every(({ name, rule }) => {
      const [counted, kept] = [recounted.measures[name] ?? null, stored.measures[name] ?? null]
      if (counted === null || kept === null) return counted === kept
      return rule({ recounted: counted, stored: kept, name, window: recounted })
    })
}

function ruleOf({ measure, type }: MeasureDeclaration, event: FieldSpecs): Rule {
  if (measure.kind === 'approxPercentile') return isOfRank
  if (hasPercentile(measure)) return isThere
  if (type.kind === 'uuid') return isSameUuid
  return type.kind === 'real' && isCalculated(measure, event) ? isClose : isEqual
}

const hasPercentile = (measure: Measure): boolean =>
  measure.kind === 'approxPercentile' || (measure.kind === 'derived' && (hasPercentile(measure.left) || hasPercentile(measure.right)))

const isCalculated = (measure: Measure, event: FieldSpecs): boolean =>
  measure.kind === 'avg' || measure.kind === 'derived' || (measure.kind === 'sum' && measureType(measure, event).kind === 'real')
