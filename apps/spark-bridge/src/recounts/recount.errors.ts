import { MillraceError, type ErrorCatalogue, type ErrorContext } from '@millrace/stream-kit'

/** Why a recount fails, beside what Spark, Kafka and Cassandra say. docs/errors.md is generated from it. */
export const recountErrorCodes = {
  recount_range_expired: {
    retry: 'never', means: 'The topic no longer has every event of the range of a recount.',
    remedy: 'Ask for a later range.',
  },
  recount_range_not_final: {
    retry: 'later', means: 'The generation that is served now is not final up to the end of the range of a recount.',
    remedy: 'None needed while it goes forward. GET /v1/queries says whether it does.',
  },
  recount_too_large: {
    retry: 'never', means: 'The range has more windows than one recount compares.',
    remedy: 'Ask for a shorter range.',
  },
  recount_given_up: {
    retry: 'never', means: 'A recount was begun again and again without coming to an end.',
    remedy: 'Look for recount_postponed in the log of spark-bridge, mend what it names, and ask again.',
  },
  recount_broken: {
    retry: 'never', means: 'A recount ran into a fault of the program.',
    remedy: 'Report it with the message.',
  },
  recount_stream_withdrawn: {
    retry: 'never', means: 'The stream of a recount is not in the catalogue any more.',
    remedy: 'None, or declare the stream again and ask again.',
  },
} as const satisfies ErrorCatalogue

export class RecountError extends MillraceError {
  declare readonly code: keyof typeof recountErrorCodes

  constructor(code: keyof typeof recountErrorCodes, message: string, context: ErrorContext = {}) {
    super(code, message, { ...context, retry: recountErrorCodes[code].retry })
  }
}
