import { KafkaError, type AppendedRecords, type TopicSend } from '@millrace/kafka'
import { InMemoryTopics } from './in-memory-topics.ts'

/** Topics that take no send with a message of more than so many bytes, as a broker does. */
export class RefusingTopics extends InMemoryTopics {
  mostBytes = Number.POSITIVE_INFINITY

  override send(batch: TopicSend): Promise<AppendedRecords[]> {
    if (batch.messages.some(({ value }) => value.length > this.mostBytes)) return Promise.reject(new KafkaError('kafka_record_refused', 'too large', { fields: { topic: batch.topic, refusal: 'MESSAGE_TOO_LARGE' } }))
    return super.send(batch)
  }
}
