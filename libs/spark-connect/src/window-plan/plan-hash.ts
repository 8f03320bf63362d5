import { createHash } from 'node:crypto'
import type { WindowPlan } from './plan-data.ts'

/** The first 12 hex digits of the plan's SHA-256. Another hash is another plan, which needs a new generation. */
export const planHash = (plan: WindowPlan): string => createHash('sha256').update(canonical(plan)).digest('hex').slice(0, 12)

/** JSON with sorted keys: the order in which an object was written says nothing. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, part]) => `${JSON.stringify(key)}:${canonical(part)}`).join(',')}}`
}
