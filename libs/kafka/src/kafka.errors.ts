import { MillraceError, type ErrorCatalogue, type ErrorContext } from '@millrace/stream-kit'

/** Every code that this library throws. docs/errors.md is generated from it. */
export const kafkaErrorCodes = {
  kafka_unreachable: {
    retry: 'later', means: 'No broker answers, or it answers too late.',
    remedy: 'Check that Kafka runs (npm run status) and MILLRACE_KAFKA_BROKERS.',
  },
  kafka_send_unknown: {
    retry: 'later', means: 'A send failed or its answer was lost: the records may or may not be on the topic.',
    remedy: 'None needed: the page is sent again, and readers remove duplicates by event id.',
  },
  kafka_topic_missing: {
    retry: 'later', means: 'The topic does not exist.',
    remedy: 'Make it with: node apps/provision/dist/main.mjs apply.',
  },
  kafka_topic_refused: {
    retry: 'never', means: 'The topic exists with another number of partitions than declared.',
    remedy: 'Declare the stream with a new version, or the old number.',
  },
  kafka_record_refused: {
    retry: 'never', means: 'The broker or the client refuses the record itself. It is never sent again as it is.',
    remedy: 'Read the cause in the message: often the broker allows less in a message than 1 MB.',
  },
  kafka_batch_abandoned: {
    retry: 'later', means: 'The partition of the batch in hand went to another reader, or the reader is closing.',
    remedy: 'None needed: the batch is delivered again to its new owner.',
  },
  kafka_range_gone: {
    retry: 'never', means: 'The records asked for are no longer, or not yet, on the topic.',
    remedy: 'Ask for a range within the retention of the stream.',
  },
} as const satisfies ErrorCatalogue

export type KafkaErrorCode = keyof typeof kafkaErrorCodes

export class KafkaError extends MillraceError {
  declare readonly code: KafkaErrorCode

  constructor(code: KafkaErrorCode, message: string, context: ErrorContext = {}) {
    super(code, message, { ...context, retry: kafkaErrorCodes[code].retry })
  }
}

const text = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause))

export const unreachable = (action: string, brokers: readonly string[], cause: unknown): KafkaError =>
  new KafkaError('kafka_unreachable', `${action}: Kafka at ${brokers.join(', ')} does not answer (${text(cause)}). Check that it runs (npm run status) and MILLRACE_KAFKA_BROKERS.`, { fields: { action }, cause })

export const sendUnknown = (topic: string, count: number, cause: unknown): KafkaError =>
  new KafkaError('kafka_send_unknown', `sending ${count} records to ${topic}: no acknowledgement (${text(cause)}). They are sent again as they are.`, { fields: { topic, count }, cause })

export const topicMissing = (topic: string, cause?: unknown): KafkaError =>
  new KafkaError('kafka_topic_missing', `topic ${topic} does not exist. Make it with: node apps/provision/dist/main.mjs apply.`, { fields: { topic }, cause })

export const topicRefused = (topic: string, found: number, declared: number): KafkaError =>
  new KafkaError('kafka_topic_refused', `topic ${topic} has ${found} partitions, ${declared} are declared. Declare the stream with a new version, or the old number.`, { fields: { topic, found, declared } })

export const recordRefused = (topic: string, cause: unknown, refusal = ''): KafkaError =>
  new KafkaError('kafka_record_refused', `sending to ${topic}: a record is refused (${text(cause)}).`, { fields: { topic, refusal }, cause })

/** Answers of the broker that are about what a record holds, not about the topic or the way there. */
const aboutContent = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD'])

/** Whether a send was refused for its content: parts of it may be accepted. */
export const isContentRefused = (error: unknown): error is KafkaError => error instanceof KafkaError && error.code === 'kafka_record_refused' && aboutContent.has(String(error.fields['refusal']))

export const batchAbandoned = (topic: string, partition: number): KafkaError =>
  new KafkaError('kafka_batch_abandoned', `the batch of ${topic}/${partition} is no longer this reader's: leave it, it is delivered again.`, { fields: { topic, partition } })

export const rangeGone = (topic: string, partition: number, problem: string): KafkaError =>
  new KafkaError('kafka_range_gone', `reading ${topic}/${partition}: ${problem}`, { fields: { topic, partition } })
