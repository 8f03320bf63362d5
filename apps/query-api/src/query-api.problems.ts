import { problemsOf, type ProblemCatalogue } from '@millrace/service'

/** What the refusals of libs/rest are over HTTP; their codes are its. docs/errors.md is generated from it. */
export const queryApiProblems = {
  request_refused: {
    status: 400, title: 'The request is not valid',
    remedy: 'Change each part of the path or the query that "errors" lists.',
  },
  nothing_declared: {
    status: 404, title: 'Nothing is declared here',
    remedy: 'Ask for one of the paths in "exists".',
  },
  event_search_too_wide: {
    status: 400, title: 'The event cannot be found by its id alone',
    remedy: 'Send its event time as the parameter time.',
  },
  page_not_built: {
    status: 404, title: 'The page is not here',
    remedy: 'Build it with npx nx build dashboard.',
  },
  live_too_wide: {
    status: 400, title: 'Too many rows to follow',
    remedy: 'Ask with a later from, or for one group.',
  },
  live_full: {
    status: 503, title: 'Nobody more can follow the live feed just now',
    remedy: 'Try again later, or allow more with MILLRACE_LIVE_READERS.',
  },
} as const satisfies ProblemCatalogue

export const problem = problemsOf(queryApiProblems)
