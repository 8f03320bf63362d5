import { problemsOf, type ProblemCatalogue } from '@millrace/service'

/** What only this app answers with. docs/errors.md is generated from it. */
export const ingestionProblems = {
  range_in_future: {
    status: 400, title: 'The range ends in the future',
    remedy: 'Send a "to" that has passed.',
  },
  no_range: {
    status: 409, title: 'The source of the stream cannot be asked for a range',
    remedy: 'Declare `range` in its httpSource, beside `request`; then the stream can be backfilled.',
  },
  range_not_closed: {
    status: 409, title: 'The range is not closed yet',
    remedy: 'Send a "to" at or before the watermark in the answer, or wait until the watermark has passed it.',
  },
  run_unknown: {
    status: 404, title: 'There is no such run',
    remedy: 'Look at the id. Maintenance removes the records of runs that ended before MILLRACE_INGESTION_RUNS_KEPT.',
  },
} as const satisfies ProblemCatalogue

export const problem = problemsOf(ingestionProblems)
