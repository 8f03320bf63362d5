import { KafkaError, partitionOf, type AppendedRecords, type PartitionOffsets, type ReadRecord, type TopicSend, type WireRecord } from '@millrace/kafka'

export interface TopicRecord extends WireRecord {
  readonly partition: number
  readonly offset: bigint
}

/** Topics that keep what is sent, duplicates included, and remember where one send ended and the next began. */
export class InMemoryTopics {
  readonly sends: TopicSend[] = []
  readonly #records = new Map<string, TopicRecord[]>()
  /** By topic and partition: the first offset that is left. */
  readonly #begins = new Map<string, Map<number, bigint>>()

  constructor(private readonly partitions = 2) {}

  send(batch: TopicSend): Promise<AppendedRecords[]> {
    if (batch.messages.length > 1_000) throw new Error('more than 1,000 records in one send')
    this.sends.push(batch)
    const records = this.#records.get(batch.topic) ?? []
    this.#records.set(batch.topic, records)
    const appended = new Map<number, AppendedRecords>()
    for (const message of batch.messages) {
      const partition = partitionOf(message.key, this.partitions)
      const offset = this.#end(batch.topic, partition)
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

  /** Deletes a topic and creates it again. */
  replace(topic: string): void {
    this.#records.delete(topic)
    this.#begins.delete(topic)
  }

  endOffsets(topic: string): Promise<PartitionOffsets> {
    return Promise.resolve(Object.fromEntries(Array.from({ length: this.partitions }, (_, partition) => [partition, this.#end(topic, partition)])))
  }

  readRange(topic: string, partition: number, from: bigint, to: bigint): Promise<ReadRecord[]> {
    const found = this.records(topic).filter((record) => record.partition === partition && record.offset >= from && record.offset < to)
    if (found.length < Number(to - from)) return Promise.reject(new KafkaError('kafka_range_gone', 'not all there'))
    return Promise.resolve(found.map(({ offset, key, value, headers = {} }) => ({ offset, key, value, headers, timestamp: 0 })))
  }

  removeBefore(topic: string, offsets: PartitionOffsets): Promise<void> {
    this.#begins.set(topic, new Map(Object.entries(offsets).map(([partition, offset]) => [Number(partition), offset])))
    this.#records.set(topic, this.records(topic).filter(({ partition, offset }) => offset >= (offsets[partition] ?? 0n)))
    return Promise.resolve()
  }

  #end(topic: string, partition: number): bigint {
    const last = this.records(topic).findLast((record) => record.partition === partition)
    return last ? last.offset + 1n : (this.#begins.get(topic)?.get(partition) ?? 0n)
  }
}
