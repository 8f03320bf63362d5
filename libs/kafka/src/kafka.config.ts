import { defineSettings } from '@millrace/service'

/** Where Kafka is. `readSettings(kafkaSettings)` is what every class of this library is opened with. */
export const kafkaSettings = defineSettings({
  brokers: { env: 'MILLRACE_KAFKA_BROKERS', kind: 'list', default: ['127.0.0.1:19092'], about: 'Bootstrap brokers of Kafka, host:port, separated by commas.' },
  replicationFactor: { env: 'MILLRACE_KAFKA_REPLICATION_FACTOR', kind: 'int', default: 1, min: 1, about: 'Copies of each partition of a topic that is created.' },
}, { title: 'Kafka' })

/** The part of the settings that a client needs. */
export interface KafkaAddress {
  readonly brokers: readonly string[]
}
