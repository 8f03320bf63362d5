import { MillraceError } from '@millrace/stream-kit'
import { masked, namesSecret } from './redaction.ts'

const maxDepth = 6
const maxText = 4_000
const maxItems = 50

/** A value as a log line carries it: data only, bounded in depth and size, errors as name, code, message and causes. */
export function plainValue(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.length > maxText ? `${value.slice(0, maxText)}… (${value.length} characters)` : value
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString()
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value === 'function' || typeof value === 'symbol') return String(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth >= maxDepth) return '[deeper]'
  if (isError(value)) return plainError(value, depth)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString()
  if (value instanceof Uint8Array) return `[${value.length} bytes]`
  if (value instanceof Map) return plainValue(Object.fromEntries(value), depth)
  if (value instanceof Set) return plainValue([...value], depth)
  if (Array.isArray(value)) return plainList(value, depth)
  return plainFields(value as Record<string, unknown>, depth)
}

/** The fields of a record as plain values; a field named like a secret is masked. */
export function plainFields(fields: Record<string, unknown>, depth = 0): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, namesSecret(name) ? masked() : plainValue(value, depth + 1)]))
}

function plainList(list: unknown[], depth: number): unknown[] {
  const head = list.slice(0, maxItems).map((item) => plainValue(item, depth + 1))
  return list.length > maxItems ? [...head, `… (${list.length} items)`] : head
}

/** An error we throw on purpose needs no stack; any other is a bug or comes from a driver, and its stack says where. */
function plainError(error: Error, depth: number): Record<string, unknown> {
  const code = 'code' in error && (typeof error.code === 'string' || typeof error.code === 'number') ? { code: error.code } : {}
  const own = error instanceof MillraceError
    ? { retry: error.retry, ...plainFields(error.fields, depth) }
    : { stack: error.stack?.split('\n').slice(1, 9).map((line) => line.trim()) }
  const causes = error instanceof AggregateError ? { errors: plainValue(error.errors, depth + 1) } : {}
  const cause = error.cause === undefined ? {} : { cause: plainValue(error.cause, depth + 1) }
  return { ...own, name: error.name, ...code, message: plainValue(error.message), ...causes, ...cause }
}

/** Also for an error of another realm, such as Node's own in a test. */
function isError(value: object): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]'
}
