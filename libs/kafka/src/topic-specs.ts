import { deadLetterTopic, eventTopic, lateTopic, windowTopic, type StreamDeclaration } from '@millrace/stream-kit'

/** A topic as it must be. `config` holds only what we set on purpose; everything else is the broker's. */
export interface TopicSpec {
  readonly topic: string
  readonly partitions: number
  readonly config: Readonly<Record<string, string>>
}

/**
 * The four topics of a stream.
 *
 * The broker stamps the time (`LogAppendTime`): retention counts from arrival, so old events are not deleted
 * while they are being aggregated. The topic of events and the one of windows have equal partitions.
 */
export function topicSpecs(stream: Pick<StreamDeclaration, 'name' | 'version' | 'partitions' | 'retentionMs'>): TopicSpec[] {
  const config = { 'cleanup.policy': 'delete', 'message.timestamp.type': 'LogAppendTime', 'retention.ms': String(stream.retentionMs) }
  return [
    { topic: eventTopic(stream), partitions: stream.partitions, config },
    { topic: windowTopic(stream), partitions: stream.partitions, config },
    { topic: lateTopic(stream), partitions: 1, config },
    { topic: deadLetterTopic(stream), partitions: 1, config },
  ]
}
