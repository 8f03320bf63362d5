import { instantRange, type FieldKind, type FieldSpec, type StreamDeclaration } from '@millrace/stream-kit'
import { fieldsRead } from './event-sql.ts'

const isInstant = (value: unknown) => Number.isSafeInteger(value) && Number(value) >= instantRange.min && Number(value) <= instantRange.max

/** The twin of what the plan asks of each kind of field. Spark takes any value for text. */
const isValid: Readonly<Record<FieldKind, (value: unknown) => boolean>> = {
  text: () => true,
  uuid: () => true,
  int: (value) => Number.isSafeInteger(value),
  real: (value) => typeof value === 'number' && Number.isFinite(value),
  bool: (value) => typeof value === 'boolean',
  instant: isInstant,
}

/**
 * Says why a record of the stream's topic is left out by its query, or null if it is an event: what the plan counts as
 * `malformed`, found again. Where JSON can be read in two ways (duplicate keys, a rest behind the value) the two may differ.
 */
export function malformedBecause(stream: StreamDeclaration): (value: Uint8Array | null) => string | null {
  const fields = fieldsRead(stream).flatMap((name) => (stream.event[name] ? [[name, stream.event[name]] as const] : []))
  return (value) => {
    const record = parse(value)
    if (typeof record === 'string') return record
    return fields.map(([name, field]) => problemOf(name, field, record[name])).find((problem) => problem !== null) ?? null
  }
}

function problemOf(name: string, { kind, isOptional }: FieldSpec, value: unknown): string | null {
  if (value === undefined || value === null) return isOptional ? null : `${name} is missing`
  return isValid[kind](value) ? null : `${name} is no ${kind}`
}

function parse(value: Uint8Array | null): Record<string, unknown> | string {
  if (value === null) return 'there is no value'
  try {
    const parsed: unknown = JSON.parse(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString())
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? (parsed as Record<string, unknown>) : 'it is no JSON object'
  } catch (error) {
    if (error instanceof SyntaxError) return 'it is no JSON'
    throw error
  }
}
