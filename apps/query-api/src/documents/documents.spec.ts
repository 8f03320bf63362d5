import { openApiDocument } from '@millrace/rest'
import { serviceProblems, type CataloguedProblem } from '@millrace/service'
import { describe, expect, it } from '@jest/globals'
import { catalogue } from '@millrace/streams'
import { queryApiProblems } from '../query-api.problems.ts'

interface Documented {
  readonly components: { readonly responses: Readonly<Record<string, { readonly content: { readonly 'application/problem+json': { readonly example: { readonly status: number, readonly code: string, readonly title: string } } } }>> }
}

const known: Readonly<Record<string, CataloguedProblem>> = { ...serviceProblems, ...queryApiProblems }

describe('the examples of problems in the OpenAPI document', () => {
  const { components } = openApiDocument(catalogue) as unknown as Documented
  const examples = Object.entries(components.responses).map(([name, { content }]) => ({ name, ...content['application/problem+json'].example }))

  it.each(examples)('$name is one that is answered: $code', ({ code, status, title }) => {
    expect({ status, title }).toEqual({ status: known[code]?.status, title: known[code]?.title })
  })
})
