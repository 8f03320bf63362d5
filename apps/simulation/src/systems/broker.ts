import { KafkaError, partitionOf, type AppendedRecords, type PartitionOffsets, type ReadRecord, type TopicSend, type TopicWriter, type WireRecord } from '@millrace/kafka'
import type { EventTopics } from '@millrace/spark-bridge/parts'
import { deadLetterTopic, eventTopic, lateTopic, windowTopic, type StreamDeclaration } from '@millrace/stream-kit'
import type { Machine } from '../engine/machine.ts'
import type { World } from '../world.ts'

type Listener = (topic: string, partition: number) => void

/** Kafka: logs that only grow, in order within a partition, duplicates included. */
export class Broker {
  readonly #world: World
  readonly #logs: ReadonlyMap<string, readonly ReadRecord[][]>
  readonly #listeners = new Set<Listener>()

  constructor(world: World, stream: StreamDeclaration) {
    this.#world = world
    const logs = (partitions: number): ReadRecord[][] => Array.from({ length: partitions }, () => [])
    this.#logs = new Map([[eventTopic(stream), logs(stream.partitions)], [windowTopic(stream), logs(stream.partitions)], [lateTopic(stream), logs(1)], [deadLetterTopic(stream), logs(1)]])
  }

  log(topic: string, partition: number): readonly ReadRecord[] {
    return this.#logs.get(topic)?.[partition] ?? []
  }

  logs(topic: string): readonly (readonly ReadRecord[])[] {
    return this.#logs.get(topic) ?? []
  }

  ends(topic: string): Record<string, number> {
    return Object.fromEntries(this.logs(topic).map((log, partition) => [partition, log.length]))
  }

  /** Tells whoever reads that there is more. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => { this.#listeners.delete(listener) }
  }

  append(topic: string, messages: readonly WireRecord[], isTaken: (partition: number) => boolean = () => true): AppendedRecords[] {
    const logs = this.#logs.get(topic)
    if (!logs) throw new Error(`There is no topic ${topic}.`)
    const appended = new Map<number, AppendedRecords>()
    for (const { key, value, headers = {}, partition: given } of messages) {
      const partition = given ?? partitionOf(key, logs.length)
      const log = logs[partition]
      if (!log || !isTaken(partition)) continue
      const record = { offset: BigInt(log.length), key, value, headers, timestamp: Math.round(this.#world.time.now) }
      log.push(record)
      const before = appended.get(partition)
      appended.set(partition, { partition, baseOffset: before?.baseOffset ?? record.offset, count: (before?.count ?? 0) + 1 })
      this.#world.watch.appended(topic, record)
    }
    for (const partition of appended.keys()) for (const listener of this.#listeners) listener(topic, partition)
    return [...appended.values()]
  }

  /** As a process writes: one send after the other. */
  writer(machine: Machine): Pick<TopicWriter, 'send' | 'close'> {
    let last: Promise<unknown> = Promise.resolve()
    const send = ({ topic, messages }: TopicSend): Promise<AppendedRecords[]> => machine.request({
      to: 'kafka', what: `sending ${messages.length} to ${topic.replace('sightings.v1', '*')}`, isRead: false,
      effect: () => this.append(topic, messages),
      part: () => { this.append(topic, messages, (partition) => partition === 0) },
      refused: away, unknown: () => new KafkaError('kafka_send_unknown', `sending to ${topic}: no acknowledgement.`),
    })
    return {
      send: (batch) => {
        const turn = last.then(() => send(batch))
        last = turn.catch(() => undefined)
        return turn
      },
      close: async () => { await last },
    }
  }

  /** As a process looks at topics. */
  topics(machine: Machine): EventTopics {
    const look = <T>(what: string, effect: () => T): Promise<T> => machine.request({ to: 'kafka', what, isRead: true, effect, refused: away, unknown: away })
    const offsets = (topic: string, of: (length: number) => bigint): PartitionOffsets => Object.fromEntries(this.logs(topic).map((log, partition) => [partition, of(log.length)]))
    return {
      endOffsets: (topic) => look('reading the ends of the topic', () => offsets(topic, BigInt)),
      beginningOffsets: (topic) => look('reading the beginnings of the topic', () => offsets(topic, () => 0n)),
      readRange: (topic, partition, from, to) => look('reading a range of the topic', () => this.log(topic, partition).slice(Number(from), Number(to))),
    }
  }
}

const away = (): KafkaError => new KafkaError('kafka_unreachable', 'Kafka does not answer.')
