import { KafkaError, type AppendedRecords, type TopicSend } from '@millrace/kafka'
import type { InMemoryTopics } from './in-memory-topics.ts'

/** Sends to the topics, but says for the next `failures` times that the answer was lost. */
export class TopicWriterStub {
  failures = 0

  constructor(private readonly topics: InMemoryTopics) {}

  async send(batch: TopicSend): Promise<AppendedRecords[]> {
    const appended = await this.topics.send(batch)
    if (this.failures <= 0) return appended
    this.failures -= 1
    throw new KafkaError('kafka_send_unknown', 'the answer is lost')
  }
}
