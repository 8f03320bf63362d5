import type { Kafka, Message, PartitionerArgs, Producer } from 'kafkajs'
import { clientRetry, clientTimes, kafkaClient } from './client.ts'
import type { KafkaAddress } from './kafka.config.ts'
import { recordRefused, sendUnknown, topicMissing, unreachable } from './kafka.errors.ts'
import { writerDropped } from './kafka.signals.ts'
import { partitionOf } from './murmur2.ts'
import type { WireRecord } from './wire-record.ts'

/** Records that are sent and acknowledged together: at most 1,000 and well under the broker's 1 MiB. */
export interface TopicSend {
  readonly topic: string
  readonly messages: readonly WireRecord[]
}

/** Where the records of one send begin in a partition, and how many of them are there. */
export interface AppendedRecords {
  readonly partition: number
  readonly baseOffset: bigint
  readonly count: number
}

export interface WriterOptions {
  /** Lets kafkajs number its sends, for drills. Never on otherwise: its errors then say nothing about what is on the topic. */
  readonly idempotent?: boolean
}

/**
 * Writes records and waits until every replica has them.
 *
 * When `send` resolves, the records are on the topic, in order within each partition. When it rejects with `retry: 'later'`
 * they may or may not be: send exactly the same again. Sends of one writer wait for each other.
 */
export class TopicWriter {
  readonly #client: Kafka
  readonly #brokers: readonly string[]
  readonly #idempotent: boolean
  #producer: Promise<Producer> | null = null
  #last: Promise<unknown> = Promise.resolve()
  #acknowledgedAt: number | null = null

  private constructor(address: KafkaAddress, clientId: string, { idempotent = false }: WriterOptions = {}) {
    this.#idempotent = idempotent
    this.#brokers = address.brokers
    this.#client = kafkaClient(address, clientId)
  }

  /** Connects at once, so that a missing broker is noticed here. */
  static async open(address: KafkaAddress, clientId = 'millrace-writer'): Promise<TopicWriter> {
    const writer = TopicWriter.lazy(address, clientId)
    await writer.#connected()
    return writer
  }

  /** Connects with the first send. */
  static lazy(address: KafkaAddress, clientId = 'millrace-writer', options: WriterOptions = {}): TopicWriter {
    return new TopicWriter(address, clientId, options)
  }

  /** Epoch milliseconds of the last acknowledgement, for health. */
  get acknowledgedAt(): number | null {
    return this.#acknowledgedAt
  }

  async send(batch: TopicSend): Promise<AppendedRecords[]> {
    if (batch.messages.length === 0) return []
    const turn = this.#last.then(() => this.#send(batch))
    this.#last = turn.catch(() => undefined)
    return await turn
  }

  /** Waits for the send in flight. */
  async close(): Promise<void> {
    await this.#last
    const producer = this.#producer
    this.#producer = null
    if (producer) await (await producer).disconnect()
  }

  async #send({ topic, messages }: TopicSend): Promise<AppendedRecords[]> {
    const producer = await this.#connected()
    const outgoing = messages.map(({ key, value, headers, partition }): Message => ({ key, value, ...(headers && { headers }), ...(partition !== undefined && { partition }) }))
    try {
      const answers = await producer.send({ topic, messages: outgoing, acks: -1, timeout: clientTimes.acknowledgeMs })
      this.#acknowledgedAt = Date.now()
      const counts = countByPartition(outgoing)
      return answers.map(({ partition, baseOffset, offset }) => ({ partition, baseOffset: BigInt(baseOffset ?? offset ?? 0), count: counts.get(partition) ?? 0 }))
    } catch (error) {
      await this.#drop(producer, topic, error)
      const kind = protocolError(error)
      if (kind === 'UNKNOWN_TOPIC_OR_PARTITION') throw topicMissing(topic, error)
      if (kind !== null && refusals.has(kind)) throw recordRefused(topic, error, kind)
      throw sendUnknown(topic, messages.length, error)
    }
  }

  #connected(): Promise<Producer> {
    this.#producer ??= this.#connect()
    return this.#producer
  }

  async #connect(): Promise<Producer> {
    const producer = this.#client.producer({ createPartitioner, idempotent: this.#idempotent, allowAutoTopicCreation: false, maxInFlightRequests: 1, retry: clientRetry })
    try {
      await producer.connect()
      return producer
    } catch (error) {
      this.#producer = null
      throw unreachable('connecting to write', this.#brokers, error)
    }
  }

  /** A producer with an unknown send is never used again: its connection may still hold the request. */
  async #drop(producer: Producer, topic: string, error: unknown): Promise<void> {
    this.#producer = null
    writerDropped({ topic, error })
    await producer.disconnect().catch((closing: unknown) => { writerDropped({ topic, error: closing }) })
  }
}

/** Answers of the broker that no repetition changes. */
const refusals = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD', 'CORRUPT_MESSAGE', 'INVALID_TOPIC_EXCEPTION'])

function protocolError(error: unknown): string | null {
  for (let at: unknown = error; at instanceof Error; at = at.cause) if ('type' in at && typeof at.type === 'string') return at.type
  return null
}

/** Gives each message its partition and leaves it there, so that a retry inside the client cannot choose another. */
const createPartitioner = () => ({ message, partitionMetadata }: PartitionerArgs): number => {
  message.partition ??= partitionOf(message.key as Buffer, partitionMetadata.length)
  return message.partition
}

function countByPartition(messages: readonly Message[]): Map<number, number> {
  const counts = new Map<number, number>()
  for (const { partition = 0 } of messages) counts.set(partition, (counts.get(partition) ?? 0) + 1)
  return counts
}
