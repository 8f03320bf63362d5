import { isCalculated, spanOf, type FieldSpec, type JsonSchema, type MeasureDeclaration, type StreamDeclaration, type ViewDeclaration } from '@millrace/stream-kit'
import { exampleOf, valueSchema } from './field-values.ts'
import { defaultWindows, longestRangeMs } from './limits.ts'
import { problemRefs } from './openapi-responses.ts'
import type { GroupField, ViewRoute } from './view-routes.ts'

/** One path of a view as OpenAPI describes it. */
export function viewPathItem(route: ViewRoute): Readonly<Record<string, unknown>> {
  const { stream, view, groups, groupFields } = route
  const row = `#/components/schemas/${rowSchemaName(stream, view)}`
  return {
    get: {
      operationId: operationId(route),
      tags: [view.isHidden ? 'ledger' : stream.name],
      summary: view.summary,
      description: describe(route),
      parameters: [
        ...(groups === 'one' ? groupFields.map(groupParameter) : []),
        fromParameter(view),
        { $ref: '#/components/parameters/to' },
        { $ref: '#/components/parameters/limit' },
        { $ref: '#/components/parameters/cursor' },
      ],
      responses: {
        200: {
          description: 'The windows, newest first.',
          content: { 'application/json': { schema: { type: 'object', properties: { data: { type: 'array', items: { $ref: row } }, page: { $ref: '#/components/schemas/Page' } }, required: ['data', 'page'] } } },
        },
        ...problemRefs(),
      },
    },
  }
}

/** The row of a view's answers. */
export function viewRowSchema({ event }: StreamDeclaration, { by, measures }: ViewDeclaration): JsonSchema {
  const groups = by.flatMap((name) => (event[name] ? [[name, valueSchema(event[name])] as const] : []))
  const properties = {
    ...Object.fromEntries(groups),
    windowStart: { type: 'string', format: 'date-time' },
    windowEnd: { type: 'string', format: 'date-time', description: 'The first instant after the window.' },
    events: { type: 'integer', minimum: 1, description: 'Distinct events in the window.' },
    ...Object.fromEntries(measures.map((measure) => [measure.name, measureSchema(measure)])),
    final: { type: 'boolean', description: 'The row does not change any more.' },
  }
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false }
}

/** `EarthquakesV1PerHour` */
export const rowSchemaName = ({ name, version }: StreamDeclaration, view: ViewDeclaration): string => `${pascal(name)}V${version}${pascal(view.name)}`

const pascal = (kebab: string): string => kebab.replaceAll(/(?:^|[-_])+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())

function operationId({ stream, view, groups }: ViewRoute): string {
  const name = rowSchemaName(stream, view)
  return `list${name}${groups === 'one' ? 'OfGroup' : ''}`
}

/** A measure has no bounds but its kind's: a sum may be longer than any field, and is absent where no row can hold it. */
function measureSchema({ measure, type: { kind, isOptional } }: MeasureDeclaration): JsonSchema {
  const field: FieldSpec = { kind, isOptional }
  const { type, format } = valueSchema(field)
  const isNullable = isOptional || isCalculated(measure)
  return { type: isNullable ? [type, 'null'] : type, ...(format === undefined ? {} : { format }) }
}

/** A text has no example: one that is made up finds nothing, and the page at /docs would ask for it. */
export const groupParameter = ({ name, field }: GroupField) => ({ name, in: 'path', required: true, schema: valueSchema(field), ...(field.kind === 'text' ? {} : { example: exampleOf(field.kind) }) })

export function fromParameter(view: ViewDeclaration, end = '`to`'): Readonly<Record<string, unknown>> {
  const back = spanOf(defaultWindows * view.window.slideMs)
  return {
    name: 'from',
    in: 'query',
    description: `Windows that start at this instant or later. Default: ${back} before ${end}; at most ${spanOf(longestRangeMs(view))} before it.`,
    schema: { type: 'string', format: 'date-time' },
  }
}

function describe({ view, groups }: ViewRoute): string {
  const { kind, sizeMs, slideMs } = view.window
  const window = kind === 'tumbling' ? `Windows of ${spanOf(sizeMs)}` : `Windows of ${spanOf(sizeMs)}, one every ${spanOf(slideMs)}`
  const of = view.by.length === 0 ? 'without groups' : groups === 'one' ? `of one ${view.by.join(' and ')}` : `of every ${view.by.join(' and ')}`
  const hidden = view.isHidden ? ' A hidden view: every stream has it, for the ledger that proves that no event was lost.' : ''
  return `${window}, ${of}.${hidden}`
}
