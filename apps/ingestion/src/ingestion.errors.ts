import { MillraceError, type ErrorDetails } from '@millrace/stream-kit'

/** Every code that ingestion throws, with what it means. */
export const ingestionErrorCodes = {
  source_forbidden: 'The address of a source is not allowed: its host is not listed, it resolves to a private address, or it carries credentials.',
  source_unreachable: 'The source does not answer, or not in time. Tried again later.',
  source_busy: 'The source asks to wait (429, 503). Tried again when it says.',
  source_failed: 'The source answers with an error of its own (5xx). Tried again later.',
  source_refused: 'The source refuses the request (4xx), or sends us elsewhere (3xx). The declaration or the address must change.',
  source_answer_too_large: 'An answer is larger than a page may be. Declare a smaller pageSize.',
  source_answer_unreadable: 'An answer is not the JSON that the declaration expects. Tried again later.',
  declaration_failed: 'A function of the declaration throws. Mend the stream.',
  source_does_not_page: 'The source answers the same full page again and again: its paging parameters have no effect.',
  source_clock_off: 'The clocks of the source and of this machine differ by more than an hour. The page waits; a replay of old data is declared with trustSourceClock.',
  run_too_large: 'A source that does not page in order has more records in one run than can be sorted in memory.',
  lease_held: 'Another instance ingests the stream.',
  lease_lost: 'Another instance has taken the stream over. What is in hand is finished by it.',
  page_missing: 'The page in hand is not in the table. Only this program may write there.',
  run_interrupted: 'The worker stops. The run goes on when it starts again.',
  stream_withdrawn: 'The stream of the run is not in the catalogue any more.',
} as const

export type IngestionErrorCode = keyof typeof ingestionErrorCodes

export class IngestionError extends MillraceError {
  declare readonly code: IngestionErrorCode

  constructor(code: IngestionErrorCode, message: string, details: ErrorDetails = {}) {
    super(code, message, details)
  }
}

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
