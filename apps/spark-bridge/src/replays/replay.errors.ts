import { MillraceError, type ErrorCatalogue, type ErrorContext } from '@millrace/stream-kit'

/** Why a replay or an inclusion fails, beside what Spark, Kafka and Cassandra say. docs/errors.md is generated from it. */
export const replayErrorCodes = {
  replay_range_expired: {
    retry: 'never', means: 'The topic no longer has every event of the range of a replay.',
    remedy: 'Ask for a later range.',
  },
  replay_range_not_final: {
    retry: 'later', means: 'The generation that is served now is not final up to the end of the range of a replay.',
    remedy: 'None needed while it goes forward. GET /v1/queries says whether it does.',
  },
  replay_plan_pending: {
    retry: 'later', means: 'The stream is declared otherwise than it is served: its new generation is being built.',
    remedy: 'None: it is tried again, and goes on when the new generation is served.',
  },
  replay_not_stored: {
    retry: 'later', means: 'The windows of a replay are on the windows topic, and not in Cassandra in time.',
    remedy: 'See whether materializer runs, and its lag. The replay is begun again.',
  },
  replay_too_large: {
    retry: 'never', means: 'A range has more windows, or more late events, than one generation of a range may have.',
    remedy: 'Ask for a shorter range.',
  },
  replay_given_up: {
    retry: 'never', means: 'A replay was begun again and again without coming to an end.',
    remedy: 'Look for replay_postponed in the log of spark-bridge, mend what it names, and ask again.',
  },
  replay_broken: {
    retry: 'never', means: 'A replay ran into a fault of the program.',
    remedy: 'Report it with the message.',
  },
  replay_stream_withdrawn: {
    retry: 'never', means: 'The stream of a replay is not in the catalogue any more.',
    remedy: 'None, or declare the stream again and ask again.',
  },
} as const satisfies ErrorCatalogue

export class ReplayError extends MillraceError {
  declare readonly code: keyof typeof replayErrorCodes

  constructor(code: keyof typeof replayErrorCodes, message: string, context: ErrorContext = {}) {
    super(code, message, { ...context, retry: replayErrorCodes[code].retry })
  }
}
