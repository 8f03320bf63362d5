import { problemsOf, type ProblemCatalogue } from '@millrace/service'

/** What only this app answers with. docs/errors.md is generated from it. */
export const simulatorProblems = {
  after_too_far: {
    status: 400, title: 'There is no such trade',
    remedy: 'Ask with the number in the answer.',
  },
  trades_dropped: {
    status: 410, title: 'These trades are gone',
    remedy: 'Go on with the number in the answer; MILLRACE_SIMULATOR_TRADES_KEPT keeps more.',
  },
} as const satisfies ProblemCatalogue

export const problem = problemsOf(simulatorProblems)
