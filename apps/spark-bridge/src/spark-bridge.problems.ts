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
  range_unaligned: {
    status: 400, title: 'The range cuts windows',
    remedy: 'Ask for "from" and "to" of the answer.',
  },
  range_not_replayable: {
    status: 409, title: 'The range cannot be replayed, or only a part of it',
    remedy: 'Ask for the "replayable" part of the answer, or wait until the range is final.',
  },
  plan_pending: {
    status: 409, title: 'The stream is being built anew by another plan',
    remedy: 'Wait until GET /v1/queries shows one generation of the stream, and ask again.',
  },
  replay_unknown: {
    status: 404, title: 'There is no such replay',
    remedy: 'Look at the id. A replay that was entered more than 30 days ago is forgotten.',
  },
  replay_not_ready: {
    status: 409, title: 'The replay is not ready',
    remedy: 'Look at its state: only one that is ready can be promoted, and only one that is queued or ready discarded.',
  },
  replay_outdated: {
    status: 409, title: 'Something else was promoted since the replay was compared',
    remedy: 'Ask for another replay of the range, and look at its differences.',
  },
  late_not_final: {
    status: 409, title: 'Windows of the late events are not final yet',
    remedy: 'Ask again when the windows up to "openUntil" of the answer are final, or for an earlier range.',
  },
  late_unknown: {
    status: 404, title: 'There are no such late events',
    remedy: 'Take ids from GET /v1/streams/<stream>/late of query-api, and a range that holds them.',
  },
} as const satisfies ProblemCatalogue

export const problem = problemsOf(sparkBridgeProblems)
