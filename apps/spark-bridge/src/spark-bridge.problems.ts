import { problemsOf, type ProblemCatalogue } from '@millrace/service'

/** What only this app answers with. docs/errors.md is generated from it. */
export const sparkBridgeProblems = {
  query_unknown: {
    status: 404, title: 'There is no such query',
    remedy: 'Take a name from GET /v1/queries.',
  },
  recount_unknown: {
    status: 404, title: 'There is no such recount',
    remedy: 'Look at the id. A recount that was entered more than 30 days ago is forgotten.',
  },
  range_empty: {
    status: 400, title: 'The range is empty',
    remedy: 'Let it begin before it ends.',
  },
  range_too_long: {
    status: 400, title: 'The range is longer than events are kept',
    remedy: 'Ask for a shorter range.',
  },
  range_too_large: {
    status: 400, title: 'The range has too many windows',
    remedy: 'Ask for a shorter range.',
  },
  range_not_final: {
    status: 409, title: 'The range is not final yet',
    remedy: 'Ask for an end at or before the "finalUntil" of the answer, leave it out, or wait.',
  },
  nothing_final: {
    status: 409, title: 'Nothing can be recounted yet',
    remedy: 'Wait until events have come that are later than a window by the lateness of the stream.',
  },
} as const satisfies ProblemCatalogue

export const problem = problemsOf(sparkBridgeProblems)
