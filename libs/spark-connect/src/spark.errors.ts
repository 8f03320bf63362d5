import { MillraceError, type ErrorCatalogue, type ErrorContext } from '@millrace/stream-kit'

/** Every error that Spark or the way to it can cause. docs/errors.md is generated from it. */
export const sparkErrors = {
  spark_unreachable: {
    retry: 'later', means: 'The Spark server does not answer.',
    remedy: 'Start the Spark server (npm run status shows it), or mend MILLRACE_SPARK_CONNECT_URL.',
  },
  spark_unauthenticated: {
    retry: 'never', means: 'The Spark server refuses the token.',
    remedy: 'Let MILLRACE_SPARK_CONNECT_TOKEN_FILE name the file that holds the token of this very server.',
  },
  spark_session_changed: {
    retry: 'now', means: 'The Spark server no longer knows the session.',
    remedy: 'None needed: the server was restarted, its queries start again from their checkpoints.',
  },
  spark_query_exists: {
    retry: 'never', means: 'A query of this name is active already.',
    remedy: 'None needed: the query that is active under this name is adopted.',
  },
  spark_query_unknown: {
    retry: 'now', means: 'The Spark server does not know the query.',
    remedy: 'None needed: the server has forgotten the query, it starts again from its checkpoint.',
  },
  spark_missing_topic: {
    retry: 'later', means: 'A query cannot find its topic.',
    remedy: 'Create the topics: node apps/provision/dist/main.mjs apply.',
  },
  spark_broker_unreachable: {
    retry: 'later', means: 'A query cannot reach Kafka.',
    remedy: 'Start Kafka (npm run status shows it), or mend MILLRACE_SPARK_KAFKA_BROKERS: the address as the Spark server sees it.',
  },
  spark_disk_full: {
    retry: 'later', means: 'The disk of the Spark server is full: the checkpoint of a query cannot be written.',
    remedy: 'Make room where the checkpoints lie (MILLRACE_SPARK_CHECKPOINTS). Until then the query waits; it goes on by itself, from its checkpoint.',
  },
  spark_plan_refused: {
    retry: 'never', means: 'Spark refuses the plan of a stream as such.',
    remedy: 'Mend the declaration of the stream that the message names, or report it: a declaration that compiles should give a plan that Spark accepts.',
  },
  spark_data_loss: {
    retry: 'never', means: 'The topic no longer has events that the checkpoint of a query expects.',
    remedy: 'Events that the checkpoint expects have left the topic. Find out why, then rebuild from what is retained: POST /v1/queries/<name>/restart {"rebuild": true}.',
  },
  spark_checkpoint_corrupt: {
    retry: 'never', means: 'The checkpoint of a query cannot be read.',
    remedy: 'Rebuild from the topic, with the same rows after it: POST /v1/queries/<name>/restart {"rebuild": true}.',
  },
  spark_failed: {
    retry: 'later', means: 'Spark failed for a reason that is not classified.',
    remedy: 'Read the cause in the message and in the log of the Spark server (npm run logs spark).',
  },
} as const satisfies ErrorCatalogue

export type SparkErrorCode = keyof typeof sparkErrors

/** What Spark, or the way to it, answered instead of a result. */
export class SparkError extends MillraceError {
  declare readonly code: SparkErrorCode
  /** What a person does about it. */
  readonly remedy: string

  constructor(code: SparkErrorCode, message: string, context: ErrorContext = {}) {
    const { retry, remedy } = sparkErrors[code]
    super(code, message, { ...context, retry })
    this.remedy = remedy
  }
}
