import { serviceProblem } from './service.problems.ts'

export interface ShapeLimits {
  readonly depth: number
  readonly items: number
}

/** How deep a body may nest and how long one of its lists may be. */
export const bodyShape: ShapeLimits = { depth: 32, items: 1_000 }

/** Throws a problem for a body that nests deeper or holds a longer list than allowed. */
export function checkBodyShape(body: unknown, { depth, items }: ShapeLimits = bodyShape): void {
  const waiting: { value: unknown, level: number }[] = [{ value: body, level: 1 }]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, level } = next
    if (typeof value !== 'object' || value === null) continue
    if (level > depth) {
      throw serviceProblem('body_too_deep', { detail: `A body nests at most ${depth} levels deep.` })
    }
    if (Array.isArray(value) && value.length > items) {
      throw serviceProblem('list_too_long', { detail: `A list has at most ${items} entries; this one has ${value.length}. Send it in parts.` })
    }
    for (const inner of Object.values(value)) waiting.push({ value: inner, level: level + 1 })
  }
}
