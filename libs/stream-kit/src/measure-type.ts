import type { MeasureType } from './declaration.ts'
import type { FieldSpecs } from './event.ts'
import type { Measure, NumberExpression } from './measure.ts'

/** The kind of a number expression: `int` if all its parts are whole numbers. Absent if any of its fields is. */
export function expressionType(of: NumberExpression, event: FieldSpecs): MeasureType {
  if (typeof of === 'number') return { kind: Number.isInteger(of) ? 'int' : 'real', isOptional: false }
  if (typeof of === 'string') return fieldType(of, event)
  return combined(expressionType(of.left, event), expressionType(of.right, event))
}

/** What a measure's value is in a row. */
export function measureType(measure: Measure, event: FieldSpecs): MeasureType {
  switch (measure.kind) {
    case 'count':
    case 'approxCountDistinct':
      return { kind: 'int', isOptional: false }
    case 'sum':
      return expressionType(measure.of, event)
    case 'avg':
      return { ...expressionType(measure.of, event), kind: 'real' }
    case 'min':
    case 'max':
    case 'first':
    case 'last':
      return fieldType(measure.of, event)
    case 'approxPercentile':
      return { ...fieldType(measure.of, event), kind: 'real' }
    case 'derived': {
      const type = combined(measureType(measure.left, event), measureType(measure.right, event))
      return measure.op === 'dividedBy' ? { kind: 'real', isOptional: true } : type
    }
  }
}

/**
 * Whether a measure is calculated from its values and not one of them: only then can it have had a value and lose it, by
 * a result that no row holds (a whole number beyond ±(2^53 − 1), an infinite real, a division by zero).
 */
export const isCalculated = ({ kind }: Measure): boolean => kind === 'sum' || kind === 'avg' || kind === 'derived'

function combined(left: MeasureType, right: MeasureType): MeasureType {
  return { kind: left.kind === 'int' && right.kind === 'int' ? 'int' : 'real', isOptional: left.isOptional || right.isOptional }
}

function fieldType(name: string, event: FieldSpecs): MeasureType {
  const field = event[name]
  if (!field) throw new TypeError(`There is no field '${name}'.`)
  return { kind: field.kind, isOptional: field.isOptional }
}
