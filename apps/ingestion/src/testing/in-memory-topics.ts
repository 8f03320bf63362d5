import { partitionOf, type AppendedRecords, type TopicSend, type WireRecord } from '@millrace/kafka'

export interface TopicRecord extends WireRecord {
  readonly partition: number
  readonly offset: bigint
}

/** Topics that keep what is sent, duplicates included, and remember where one send ended and the next began. */
export class InMemoryTopics {
  readonly sends: TopicSend[] = []
  readonly #records = new Map<string, TopicRecord[]>()

  constructor(private readonly partitions = 2) {}

  send(batch: TopicSend): Promise<AppendedRecords[]> {
    if (batch.messages.length > 1_000) throw new Error('more than 1,000 records in one send')
    this.sends.push(batch)
    const records = this.#records.get(batch.topic) ?? []
    this.#records.set(batch.topic, records)
    const appended = new Map<number, AppendedRecords>()
    for (const message of batch.messages) {
      const partition = partitionOf(message.key, this.partitions)
      const offset = BigInt(records.filter((record) => record.partition === partition).length)
      records.push({ ...message, partition, offset })
      const before = appended.get(partition)
      appended.set(partition, { partition, baseOffset: before?.baseOffset ?? offset, count: (before?.count ?? 0) + 1 })
    }
    return Promise.resolve([...appended.values()])
  }

  records(topic: string): readonly TopicRecord[] {
    return this.#records.get(topic) ?? []
  }

  /** The event ids on a topic, each once. */
  ids(topic: string): Set<string> {
    return new Set(this.records(topic).map(({ headers, key }) => headers?.['ce_id'] ?? key.toString()))
  }
}
