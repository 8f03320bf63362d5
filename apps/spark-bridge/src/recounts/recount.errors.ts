import { MillraceError, type ErrorDetails } from '@millrace/stream-kit'

/** Why a recount fails, in its `error`, beside what Spark, Kafka and Cassandra say. */
export const recountErrorCodes = {
  recount_range_expired: 'The topic no longer has every event of the range.',
  recount_range_not_final: 'The generation that is served now is not final up to the end of the range.',
  recount_too_large: 'The range has more windows than one recount compares. Ask for a shorter one.',
  recount_given_up: 'It was begun again and again without coming to an end.',
  recount_broken: 'A fault of the program; the log of spark-bridge has it.',
  stream_withdrawn: 'The stream is not in the catalogue any more.',
} as const

export class RecountError extends MillraceError {
  declare readonly code: keyof typeof recountErrorCodes

  constructor(code: keyof typeof recountErrorCodes, message: string, details: ErrorDetails = {}) {
    super(code, message, details)
  }
}
