import { problemsOf, type ProblemCatalogue } from '@millrace/service'

/** What only this app answers with. docs/errors.md is generated from it. */
export const sparkBridgeProblems = {
  query_unknown: {
    status: 404, title: 'There is no such query',
    remedy: 'Take a name from GET /v1/queries.',
  },
} as const satisfies ProblemCatalogue

export const problem = problemsOf(sparkBridgeProblems)
