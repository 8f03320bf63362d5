import { MillraceError, type ErrorCatalogue, type ErrorContext } from '@millrace/stream-kit'

/** Every code that this program throws. docs/errors.md is generated from it. */
export const ingestionErrorCodes = {
  source_forbidden: {
    retry: 'never', means: 'The address of a source is not allowed: its host is not listed, it resolves to a private address, or it carries credentials.',
    remedy: 'Add the host to MILLRACE_SOURCE_HOSTS, or correct MILLRACE_SOURCE_<STREAM>_URL.',
  },
  source_unreachable: {
    retry: 'later', means: 'The source does not answer, or not in time.',
    remedy: 'Look whether it runs; a slow one is given more time by the declaration (timeout), or smaller pages.',
  },
  source_busy: {
    retry: 'later', means: 'The source asks to wait (429, 503).',
    remedy: 'None needed: it is asked again when it says. Poll less often if it comes often.',
  },
  source_failed: {
    retry: 'later', means: 'The source answers with an error of its own (5xx).',
    remedy: 'Ask who runs the source.',
  },
  source_circuit_open: {
    retry: 'later', means: 'The source has failed five times, one after the other, and is left alone until the next probe.',
    remedy: 'None needed: the first answer closes the circuit. Ask who runs the source if it stays open.',
  },
  source_refused: {
    retry: 'never', means: 'The source refuses the request (4xx), or sends us elsewhere (3xx).',
    remedy: 'Change the request function of the declaration, or the address.',
  },
  source_answer_too_large: {
    retry: 'never', means: 'An answer is larger than a page may be.',
    remedy: 'Declare a smaller pageSize.',
  },
  source_answer_unreadable: {
    retry: 'later', means: 'An answer is not the JSON that the declaration expects.',
    remedy: 'None while it passes. Else look at what the source answers, and at items of the declaration.',
  },
  declaration_failed: {
    retry: 'never', means: 'A function of the declaration throws.',
    remedy: 'Mend the function of the stream that the message names.',
  },
  source_does_not_page: {
    retry: 'never', means: 'The source answers the same full page again and again: its paging parameters have no effect.',
    remedy: 'Mend the request function of the declaration.',
  },
  source_clock_off: {
    retry: 'later', means: 'The clocks of the source and of this machine differ by more than an hour. The page waits.',
    remedy: 'Correct the clock that is wrong; a replay of old data is declared with trustSourceClock.',
  },
  run_too_large: {
    retry: 'never', means: 'A source that does not page in order has more records in one run than can be sorted in memory.',
    remedy: 'Have the request function ask for a shorter time, or in the order of event time.',
  },
  lease_held: {
    retry: 'later', means: 'Another instance ingests the stream.',
    remedy: 'None needed. If there is no other instance, its lease ends by itself (MILLRACE_INGESTION_LEASE).',
  },
  lease_lost: {
    retry: 'later', means: 'Another instance has taken the stream over. What is in hand is finished by it.',
    remedy: 'None while it is rare. Else look why this instance was silent for so long.',
  },
  page_missing: {
    retry: 'never', means: 'The page in hand is not in the table of pages.',
    remedy: 'Look for it in a backup; only Millrace may write there.',
  },
  topic_replaced: {
    retry: 'never', means: 'The topic of a stream was deleted and created again, or has lost events that were published. The stream is held: what is published now would be counted without them.',
    remedy: 'See that the topic is as declared (provision apply), then POST /v1/streams/<stream>/restore; docs/guides/operate.md says what it does.',
  },
  topic_whole: {
    retry: 'never', means: 'A restore was asked for, and the topic has all that was published to it.',
    remedy: 'None needed. If a query says data_loss, rebuild it.',
  },
  restore_interrupted: {
    retry: 'later', means: 'Something has come between the events that a restore puts on the topic again: another writer, a repeated send, a second replacement, a page that expired.',
    remedy: 'None needed: it empties the topic and begins again.',
  },
  restore_refused: {
    retry: 'never', means: 'The topic refuses events that it took before it was made anew.',
    remedy: 'Make the topic what is declared (provision apply), then ask for the restore again.',
  },
  run_interrupted: {
    retry: 'later', means: 'The worker stops. The run goes on when it starts again.',
    remedy: 'None needed.',
  },
  stream_withdrawn: {
    retry: 'never', means: 'The stream of the run is not in the catalogue any more.',
    remedy: 'None, or declare the stream again and start a new run.',
  },
} as const satisfies ErrorCatalogue

export type IngestionErrorCode = keyof typeof ingestionErrorCodes

export class IngestionError extends MillraceError {
  declare readonly code: IngestionErrorCode

  constructor(code: IngestionErrorCode, message: string, context: ErrorContext = {}) {
    super(code, message, { ...context, retry: ingestionErrorCodes[code].retry })
  }
}

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
