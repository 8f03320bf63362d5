import { DeclarationError } from './declaration.errors.ts'
import type { StreamDeclaration } from './declaration.ts'
import type { SourceRange } from './http-source.ts'

const example: SourceRange = { from: '2018-02-01T00:00:00.000Z', to: '2018-02-02T00:00:00.000Z', page: 0, pageSize: 10 }

/**
 * Refuses a `range` that cannot work. It is pure, so it is asked: what it answers must depend on the span and on the page,
 * or a backfill would read the same again and again.
 */
export function checkRange({ name, source: { range } }: StreamDeclaration, where = `stream '${name}'`): void {
  if (range === undefined) return
  const refuse = (problem: string, cure: string): never => {
    throw new DeclarationError(where, problem, cure)
  }
  if (typeof range !== 'function') refuse(`The source's range is a ${typeof range}.`, 'Write a function of { from, to, page, pageSize }, or leave it out.')
  const asked = (change: Partial<SourceRange>): string => {
    const answer: unknown = range({ ...example, ...change })
    const query: unknown = typeof answer === 'object' && answer !== null && 'query' in answer ? answer.query : undefined
    return typeof query === 'object' && query !== null ? JSON.stringify(answer) : refuse("The source's range answers no query.", 'Return { query: { … } }, as request does.')
  }
  const first = asked({})
  for (const [part, change] of Object.entries({ from: { from: '2018-01-31T00:00:00.000Z' }, to: { to: '2018-02-03T00:00:00.000Z' }, page: { page: 1 } })) {
    if (asked(change) === first) refuse(`The source's range asks the same whatever \`${part}\` is.`, `Put \`${part}\` into the query: a range is read page by page, from its beginning to its end.`)
  }
}
