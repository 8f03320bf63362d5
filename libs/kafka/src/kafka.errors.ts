import { MillraceError } from '@millrace/stream-kit'

/** Every code that this library throws, with what it means. */
export const kafkaErrorCodes = {
  kafka_unreachable: 'No broker answers, or it answers too late. Tried again later.',
  kafka_send_unknown: 'A send failed or its answer was lost: the records may or may not be on the topic. Send the page again; readers remove duplicates by event id.',
  kafka_topic_missing: 'The topic does not exist. `provision apply` makes it.',
  kafka_topic_refused: 'The topic exists with another number of partitions than declared. A changed number is a new version of the stream.',
  kafka_record_refused: 'The broker or the client refuses the record itself. It is never sent again as it is.',
  kafka_batch_abandoned: 'The partition of the batch in hand went to another reader or the reader is closing. The batch is delivered again to its new owner.',
  kafka_range_gone: 'The records asked for are no longer, or not yet, on the topic.',
} as const

export type KafkaErrorCode = keyof typeof kafkaErrorCodes

export class KafkaError extends MillraceError {
  declare readonly code: KafkaErrorCode
}

const text = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause))

export const unreachable = (action: string, brokers: readonly string[], cause: unknown): KafkaError =>
  new KafkaError('kafka_unreachable', `${action}: Kafka at ${brokers.join(', ')} does not answer (${text(cause)}). Check that it runs (npm run status) and MILLRACE_KAFKA_BROKERS.`, { retry: 'later', fields: { action }, cause })

export const sendUnknown = (topic: string, count: number, cause: unknown): KafkaError =>
  new KafkaError('kafka_send_unknown', `sending ${count} records to ${topic}: no acknowledgement (${text(cause)}). They are sent again as they are.`, { retry: 'later', fields: { topic, count }, cause })

export const topicMissing = (topic: string, cause?: unknown): KafkaError =>
  new KafkaError('kafka_topic_missing', `topic ${topic} does not exist. Make it with: node apps/provision/dist/main.mjs apply.`, { retry: 'later', fields: { topic }, cause })

export const topicRefused = (topic: string, found: number, declared: number): KafkaError =>
  new KafkaError('kafka_topic_refused', `topic ${topic} has ${found} partitions, ${declared} are declared. Declare the stream with a new version, or the old number.`, { fields: { topic, found, declared } })

export const recordRefused = (topic: string, cause: unknown): KafkaError =>
  new KafkaError('kafka_record_refused', `sending to ${topic}: a record is refused (${text(cause)}).`, { fields: { topic }, cause })

export const batchAbandoned = (topic: string, partition: number): KafkaError =>
  new KafkaError('kafka_batch_abandoned', `the batch of ${topic}/${partition} is no longer this reader's: leave it, it is delivered again.`, { retry: 'later', fields: { topic, partition } })

export const rangeGone = (topic: string, partition: number, problem: string): KafkaError =>
  new KafkaError('kafka_range_gone', `reading ${topic}/${partition}: ${problem}`, { fields: { topic, partition } })
