import type { RowAnswer } from '../api/answers.ts'
import { isObject, readProblem, type Problem } from '../api/problem.ts'

/** How far the rows of the feed are. Instants are epoch milliseconds. */
export interface Progress {
  readonly generation: number | null
  readonly finalUntil: number | null
  readonly storedAt: number | null
}

const parsed = (data: string): unknown => {
  try {
    return JSON.parse(data) as unknown
  } catch {
    return null
  }
}

const objectIn = (data: string): Record<string, unknown> | null => {
  const value = parsed(data)
  return isObject(value) ? value : null
}

const instantIn = (value: unknown): number | null => {
  const ms = typeof value === 'string' ? Date.parse(value) : NaN
  return Number.isNaN(ms) ? null : ms
}

/** `{"from":"<instant>"}`: the windows that start then or later follow; null where it cannot be read. */
export const readReset = (data: string): number | null => instantIn(objectIn(data)?.['from'])

/** A row as REST answers it; null where it is none. */
export const readRow = (data: string): RowAnswer | null => objectIn(data) as RowAnswer | null

/** `{"generation":3,"finalUntil":"<instant>","storedAt":"<instant>"}` */
export function readProgress(data: string): Progress | null {
  const said = objectIn(data)
  return said && { generation: typeof said['generation'] === 'number' ? said['generation'] : null, finalUntil: instantIn(said['finalUntil']), storedAt: instantIn(said['storedAt']) }
}

/** A problem of RFC 9457: most often that the store is away, and the connection stays. */
export function readFeedProblem(data: string): Problem {
  const status = objectIn(data)?.['status']
  return readProblem(parsed(data), { status: typeof status === 'number' ? status : 503, retryAfter: null })
}
