import type { FieldSpecs } from './event.ts'
import { instantRange, type FieldKind, type FieldSpec } from './field.ts'

/** A JSON Schema (2020-12) as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>

const schemaOf: Readonly<Record<FieldKind, (field: FieldSpec) => JsonSchema>> = {
  text: ({ maxLength }) => ({ type: 'string', minLength: 1, ...(maxLength === undefined ? {} : { maxLength }) }),
  uuid: () => ({ type: 'string', pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' }),
  int: () => ({ type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }),
  real: () => ({ type: 'number' }),
  bool: () => ({ type: 'boolean' }),
  instant: () => ({ type: 'integer', minimum: instantRange.min, maximum: instantRange.max, description: 'Epoch milliseconds.' }),
}

/** The schema of one field's value on the wire. */
export const fieldJsonSchema = (field: FieldSpec): JsonSchema => schemaOf[field.kind](field)

/** The schema of an event on the wire: no key but the declared ones, every required one there. */
export function eventJsonSchema({ name, version, summary, event }: { name: string; version: number; summary: string; event: FieldSpecs }): JsonSchema {
  const fields = Object.entries(event)
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `${name}.v${version}`,
    description: summary,
    type: 'object',
    properties: Object.fromEntries(fields.map(([key, field]) => [key, fieldJsonSchema(field)])),
    required: fields.filter(([, field]) => !field.isOptional).map(([key]) => key),
    additionalProperties: false,
  }
}
