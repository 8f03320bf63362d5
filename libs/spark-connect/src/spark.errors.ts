import { MillraceError, type Retry } from '@millrace/stream-kit'

/** Every error that Spark or the way to it can cause, with what a person does about it. */
export const sparkErrors = {
  spark_unreachable: { retry: 'later', remedy: 'Start the Spark server (npm run status shows it), or mend MILLRACE_SPARK_CONNECT_URL.' },
  spark_unauthenticated: { retry: 'never', remedy: 'Let MILLRACE_SPARK_CONNECT_TOKEN_FILE name the file that holds the token of this very server.' },
  spark_session_changed: { retry: 'now', remedy: 'None needed: the server was restarted, its queries start again from their checkpoints.' },
  spark_query_exists: { retry: 'never', remedy: 'None needed: the query that is active under this name is adopted.' },
  spark_query_unknown: { retry: 'now', remedy: 'None needed: the server has forgotten the query, it starts again from its checkpoint.' },
  spark_missing_topic: { retry: 'later', remedy: 'Create the topics: node apps/provision/dist/main.mjs apply.' },
  spark_broker_unreachable: { retry: 'later', remedy: 'Start Kafka (npm run status shows it), or mend MILLRACE_SPARK_KAFKA_BROKERS: the address as the Spark server sees it.' },
  spark_plan_refused: { retry: 'never', remedy: 'Mend the declaration of the stream that the message names, or report it: a declaration that compiles should give a plan that Spark accepts.' },
  spark_data_loss: { retry: 'never', remedy: 'Events that the checkpoint expects have left the topic. Find out why, then rebuild from what is retained: POST /v1/queries/<name>/restart {"rebuild": true}.' },
  spark_checkpoint_corrupt: { retry: 'never', remedy: 'Rebuild from the topic, with the same rows after it: POST /v1/queries/<name>/restart {"rebuild": true}.' },
  spark_failed: { retry: 'later', remedy: 'Read the cause in the message and in the log of the Spark server (npm run logs spark).' },
} as const satisfies Record<string, { retry: Retry; remedy: string }>

export type SparkErrorCode = keyof typeof sparkErrors

export interface SparkErrorDetails {
  readonly fields?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

/** What Spark, or the way to it, answered instead of a result. */
export class SparkError extends MillraceError {
  declare readonly code: SparkErrorCode
  /** What a person does about it. */
  readonly remedy: string

  constructor(code: SparkErrorCode, message: string, details: SparkErrorDetails = {}) {
    const { retry, remedy } = sparkErrors[code]
    super(code, message, { ...details, retry })
    this.remedy = remedy
  }
}
