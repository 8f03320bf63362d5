import { problemsOf, type ProblemCatalogue } from '@millrace/service'

/** What only this app answers with. docs/errors.md is generated from it. */
export const ingestionProblems = {
  idempotency_key_required: {
    status: 400, title: 'An idempotency key is needed',
    remedy: 'Send the header "Idempotency-Key" with 1 to 200 printable characters of your choice, the same again when you repeat the request.',
  },
  run_unknown: {
    status: 404, title: 'There is no such run',
    remedy: 'Look at the id. A run that ended more than 30 days ago is forgotten.',
  },
  idempotency_key_used: {
    status: 422, title: 'The idempotency key stands for another request',
    remedy: 'Send a new key for a new request.',
  },
} as const satisfies ProblemCatalogue

export const problem = problemsOf(ingestionProblems)
