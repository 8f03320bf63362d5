import { checkDistinct, checkKnown, checkName } from './check-fields.ts'
import { DeclarationError } from './declaration.errors.ts'
import type { StreamDeclaration, ViewDeclaration } from './declaration.ts'
import type { FieldKind } from './field.ts'
import type { Measure, NumberExpression } from './measure.ts'
import { tableByTimeName } from './names.ts'
import { spanOf } from './span.ts'

const kebab = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
const numbers: readonly FieldKind[] = ['int', 'real']
const ordered: readonly FieldKind[] = ['int', 'real', 'instant', 'text', 'uuid']

/** Cassandra's limit for the name of a table. */
const longestTableName = 48

/** Refuses a view whose window, groups, measures or table could not work. */
export function checkView(stream: StreamDeclaration, view: ViewDeclaration, parent: string): void {
  const where = `${parent}, view '${view.name}'`
  const refuse = (problem: string, cure: string): never => {
    throw new DeclarationError(where, problem, cure)
  }
  if (!view.isHidden && !kebab.test(view.name)) refuse('The name is not in kebab-case.', "Use lower-case words joined by hyphens, such as 'per-minute'.")
  const table = tableByTimeName(stream, view)
  if (table.length > longestTableName) refuse(`Its table '${table}' has a name of ${table.length} characters.`, `Shorten the stream's or the view's name: Cassandra allows ${longestTableName}.`)

  const { sizeMs, slideMs } = view.window
  if (sizeMs < 1_000) refuse(`The window is ${spanOf(sizeMs)}.`, 'Use at least 1 second.')
  if (sizeMs % slideMs !== 0) refuse(`A window of ${spanOf(sizeMs)} cannot slide by ${spanOf(slideMs)}.`, 'Use a slide that divides the size.')
  if (sizeMs / slideMs > 100) refuse(`An event would count in ${sizeMs / slideMs} windows.`, 'Use a slide of at least a hundredth of the size.')
  if (sizeMs > stream.retentionMs) refuse(`The window of ${spanOf(sizeMs)} is longer than the retention of ${spanOf(stream.retentionMs)}.`, 'Keep the stream longer, or use a smaller window.')

  for (const name of view.by) {
    const field = checkKnown(stream.event, name, `${where}, by`)
    if (field.isOptional) refuse(`by uses the optional field '${name}'.`, 'Use a field that every event has.')
    if (field.kind === 'real') refuse(`by uses the real number '${name}'.`, 'Use a text, uuid, int, bool or instant.')
  }
  const columns = [...view.by, ...view.measures.map(({ name }) => name)]
  for (const name of columns) checkName(name, where)
  if (new Set(columns).size < columns.length) refuse('A group and a measure, or two groups, share a name.', 'Rename the measure.')
  checkDistinct(columns, where)
  for (const { name, measure } of view.measures) checkMeasure(stream, measure, `${where}, measure '${name}'`)
}

function checkMeasure(stream: StreamDeclaration, measure: Measure, where: string): void {
  const kindIn = (field: string, kinds: readonly FieldKind[], what: string): void => {
    const { kind } = checkKnown(stream.event, field, where)
    if (!kinds.includes(kind)) throw new DeclarationError(where, `${measure.kind} of the ${kind} '${field}' has no meaning.`, `Use ${what}.`)
  }
  const numeric = (of: NumberExpression): void => {
    if (typeof of === 'string') kindIn(of, numbers, 'an int or a real')
    else if (typeof of === 'object') [of.left, of.right].forEach(numeric)
    else if (!Number.isFinite(of)) throw new DeclarationError(where, `${of} is not a finite number.`, 'Use a finite constant.')
  }
  switch (measure.kind) {
    case 'count':
      return
    case 'sum':
    case 'avg':
      numeric(measure.of)
      return
    case 'min':
    case 'max':
      kindIn(measure.of, ordered, 'a field that has an order')
      return
    case 'first':
    case 'last':
    case 'approxCountDistinct':
      checkKnown(stream.event, measure.of, where)
      return
    case 'approxPercentile':
      kindIn(measure.of, numbers, 'an int or a real')
      if (!(measure.share > 0 && measure.share < 1)) throw new DeclarationError(where, `The share is ${measure.share}.`, 'Use a number between 0 and 1, such as 0.99.')
      if (!Number.isInteger(measure.accuracy) || measure.accuracy < 10 || measure.accuracy > 100_000) throw new DeclarationError(where, `The accuracy is ${measure.accuracy}.`, 'Use a whole number from 10 to 100,000.')
      return
    case 'derived':
      for (const part of [measure.left, measure.right]) {
        checkMeasure(stream, part, where)
        checkOperand(stream, part, where)
      }
  }
}

function checkOperand(stream: StreamDeclaration, part: Measure, where: string): void {
  if (!('of' in part) || typeof part.of !== 'string' || part.kind === 'approxCountDistinct') return
  const { kind } = checkKnown(stream.event, part.of, where)
  if (!numbers.includes(kind)) throw new DeclarationError(where, `It calculates with the ${part.kind} of the ${kind} '${part.of}'.`, 'Calculate with numbers only.')
}
