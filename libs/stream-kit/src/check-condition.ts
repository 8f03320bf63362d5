import { checkKnown } from './check-fields.ts'
import type { Condition } from './condition.ts'
import { DeclarationError } from './declaration.errors.ts'
import type { FieldSpecs } from './event.ts'
import type { FieldKind } from './field.ts'

const javascriptType: Readonly<Record<FieldKind, 'string' | 'number' | 'boolean'>> = {
  text: 'string', uuid: 'string', int: 'number', real: 'number', instant: 'number', bool: 'boolean',
}

/** Refuses a condition on a field that the event lacks, or with a value that the field can never have. */
export function checkCondition(event: FieldSpecs, condition: Condition, where: string): void {
  const refuse = (problem: string, cure: string): never => {
    throw new DeclarationError(where, problem, cure)
  }
  switch (condition.op) {
    case 'every':
    case 'some':
      if (condition.of.length === 0) refuse(`${condition.op}() has no condition.`, 'Give it at least one.')
      for (const part of condition.of) checkCondition(event, part, where)
      return
    case 'not':
      checkCondition(event, condition.of, where)
      return
    case 'present':
      checkKnown(event, condition.field, where)
      return
    case 'oneOf': {
      const { kind } = checkKnown(event, condition.field, where)
      const expected = javascriptType[kind]
      if (condition.values.length === 0) refuse(`oneOf('${condition.field}') has no value.`, 'Give it at least one.')
      const wrong = condition.values.find((value) => typeof value !== expected)
      if (wrong !== undefined) refuse(`oneOf('${condition.field}') compares a ${kind} with ${JSON.stringify(wrong)}.`, `Use a ${expected}.`)
      return
    }
    default: {
      const { kind } = checkKnown(event, condition.field, where)
      if (javascriptType[kind] !== 'number') refuse(`${condition.op}() compares the ${kind} '${condition.field}' with a number.`, 'Use an int, real or instant.')
      if (!Number.isFinite(condition.value)) refuse(`${condition.op}('${condition.field}') compares with ${condition.value}.`, 'Use a finite number; an instant as epoch milliseconds.')
    }
  }
}
