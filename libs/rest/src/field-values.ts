import { fieldJsonSchema, instantRange, type FieldKind, type FieldSpec, type JsonSchema } from '@millrace/stream-kit'

/** A value as rows hold it: instants are epoch milliseconds. */
export type FieldValue = string | number | boolean

/** What a text in a path turned out to be. */
export type Reading<T> = { readonly value: T } | { readonly expected: string; readonly cure: string }

/** What a kind of field means over HTTP. */
interface ValueRules {
  /** The schema of the value in paths and answers, without whether it may be null. */
  readonly schema: (field: FieldSpec) => JsonSchema
  readonly read: (text: string, field: FieldSpec) => Reading<FieldValue>
  readonly write: (value: FieldValue) => FieldValue
  readonly example: FieldValue
}

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const integerPattern = /^-?(0|[1-9]\d{0,15})$/
const realPattern = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/
const instantPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/

const asIs = (value: FieldValue): FieldValue => value

/** Exhaustive: a new kind of field does not compile until it says what it means here. */
const rules: Readonly<Record<FieldKind, ValueRules>> = {
  text: {
    schema: fieldJsonSchema,
    read: (text, { maxLength = Infinity }) =>
      text.length >= 1 && text.length <= maxLength ? { value: text } : { expected: `a text of 1 to ${maxLength} characters`, cure: 'Shorten it: no event holds such a text.' },
    write: asIs,
    example: 'ci',
  },
  uuid: {
    schema: fieldJsonSchema,
    read: (text) => (uuidPattern.test(text.toLowerCase()) ? { value: text.toLowerCase() } : { expected: 'a UUID', cure: 'Write its 36 characters, such as 0f8fad5b-d9cb-469f-a165-70867728950e.' }),
    write: asIs,
    example: '0f8fad5b-d9cb-469f-a165-70867728950e',
  },
  int: {
    schema: fieldJsonSchema,
    read: (text) => (integerPattern.test(text) && Number.isSafeInteger(Number(text)) ? { value: Number(text) } : { expected: 'a whole number between -(2^53 - 1) and 2^53 - 1', cure: 'Write digits only, such as 42.' }),
    write: asIs,
    example: 42,
  },
  real: {
    schema: fieldJsonSchema,
    read: (text) => (realPattern.test(text) && Number.isFinite(Number(text)) ? { value: Number(text) } : { expected: 'a finite number', cure: 'Write it as JSON does, such as 3.1.' }),
    write: asIs,
    example: 3.1,
  },
  bool: {
    schema: fieldJsonSchema,
    read: (text) => (text === 'true' || text === 'false' ? { value: text === 'true' } : { expected: 'true or false', cure: 'Write it in lower case.' }),
    write: asIs,
    example: true,
  },
  instant: {
    schema: () => ({ type: 'string', format: 'date-time' }),
    read: readInstant,
    write: (value) => new Date(Number(value)).toISOString(),
    example: '2018-02-01T00:00:00.000Z',
  },
}

/** The epoch milliseconds of an ISO 8601 instant. */
export function readInstant(text: string): Reading<number> {
  const expected = 'an instant in ISO 8601 with an offset'
  if (/T.* \d{2}:\d{2}$/.test(text)) return { expected, cure: 'Write the plus sign of the offset as %2B, or use Z.' }
  const value = instantPattern.test(text) ? Date.parse(text) : NaN
  return value >= instantRange.min && value <= instantRange.max && isSameDay(text) ? { value } : { expected, cure: 'Write it like 2018-02-01T00:00:00Z.' }
}

/** Date.parse takes 30 February for 2 March: the day itself must exist. */
function isSameDay(text: string): boolean {
  const day = text.slice(0, 10)
  const midnight = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day)
}

/** The value that a text in a path or query stands for. */
export const readValue = (text: string, field: FieldSpec): Reading<FieldValue> => rules[field.kind].read(text, field)
/** The value as an answer shows it: instants in ISO 8601, UTC. */
export const writeValue = (value: FieldValue, kind: FieldKind): FieldValue => rules[kind].write(value)
/** The schema of a value in paths and answers. */
export const valueSchema = (field: FieldSpec): JsonSchema => rules[field.kind].schema(field)
export const exampleOf = (kind: FieldKind): FieldValue => rules[kind].example
