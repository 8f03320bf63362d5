import { defineSignal } from '@millrace/observability'

/** What kafkajs says by itself. Its complaints are followed by an error or a signal of ours, so they are only for a closer look. */
export const clientComplained = defineSignal('kafka_client_complained', { level: 'debug', text: 'The Kafka client says: {message}.' })

export const writerDropped = defineSignal('kafka_writer_dropped', {
  level: 'warn',
  text: 'A send to {topic} was not acknowledged; its connection is thrown away and the records are sent again.',
  counter: { name: 'millrace_kafka_sends_failed_total', help: 'Sends without acknowledgement.', labels: ['topic'] },
})

export const readerJoined = defineSignal('kafka_reader_joined', { level: 'info', text: 'The reader {group} has joined its group and reads {topics}.' })

export const readerLost = defineSignal('kafka_reader_lost', {
  level: 'warn',
  text: 'The reader {group} lost Kafka or its batch failed; it is built again in {waitMs} ms and goes on at its last commit.',
  counter: { name: 'millrace_kafka_readers_rebuilt_total', help: 'Readers built again after a failure.', labels: ['group'] },
})

export const readerNotClosed = defineSignal('kafka_reader_not_closed', { level: 'debug', text: 'Closing a lost connection of {group} failed.' })
