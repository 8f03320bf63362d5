import { backOff, systemClock } from '@millrace/service'
import kafkajs, { type Consumer, type EachBatchPayload, type Kafka, type KafkaMessage } from 'kafkajs'
import { BatchSource, type Batch } from './batch-source.ts'
import { clientRetry, kafkaClient } from './client.ts'
import type { KafkaAddress } from './kafka.config.ts'
import { batchAbandoned, unreachable } from './kafka.errors.ts'
import { readerJoined, readerLost, readerNotClosed } from './kafka.signals.ts'
import type { ReadRecord } from './wire-record.ts'

export interface BatchReaderOptions extends KafkaAddress {
  /** Readers with the same group share the partitions and the committed offsets. */
  readonly groupId: string
  /** How many partitions may be in hand at once. */
  readonly partitionsAtOnce?: number
}

type OnBatch = (batch: Batch) => Promise<void>

const times = {
  /** The broker answers at once when there are records; this is only how long it holds an idle question. */
  fetchWaitMs: 100,
  /** How long a dead reader keeps its partitions: also the wait after a broker's crash. */
  sessionMs: 6_000,
  heartbeatMs: 1_500,
  rebalanceMs: 10_000,
  /** A reader that has fetched nothing for so long is built again. */
  silenceMs: 20_000,
  closeMs: 3_000,
} as const

/** Most bytes of one fetch, which bounds the memory of a reader. */
const bytes = { perFetch: 4 * 1_048_576, perPartition: 1_048_576 } as const

/**
 * Reads topics as a member of a consumer group.
 *
 * kafkajs gives up for good when a broker dies, so the consumer is thrown away and built again until `close`:
 * the reader waits out any outage and goes on at its last commit.
 */
export class BatchReader extends BatchSource {
  readonly #client: Kafka
  readonly #options: BatchReaderOptions
  readonly #closing = new AbortController()
  readonly #ended = Promise.withResolvers<undefined>()
  #isRunning = false
  #inHand = 0
  #fetchedAt = 0

  constructor(options: BatchReaderOptions) {
    super()
    this.#options = options
    this.#client = kafkaClient(options, options.groupId)
  }

  override async run(topics: readonly string[], onBatch: OnBatch): Promise<void> {
    this.#isRunning = true
    const group = this.#options.groupId
    const wait = backOff({ baseMs: 200, capMs: 5_000 })
    try {
      const { signal } = this.#closing
      const isClosing = () => signal.aborted
      while (!isClosing()) {
        const error = await this.#readUntilLost(topics, onBatch, () => { wait.reset() })
        if (isClosing()) break
        const waitMs = wait.next()
        readerLost({ group, waitMs, error })
        await pause(waitMs, signal)
      }
    } finally {
      this.#ended.resolve(undefined)
    }
  }

  override async close(): Promise<void> {
    this.#closing.abort()
    if (this.#isRunning) await this.#ended.promise
  }

  override health(): void {
    const silentMs = Date.now() - this.#fetchedAt
    if (this.#inHand === 0 && silentMs > times.silenceMs / 2) throw unreachable(`reading as ${this.#options.groupId}`, this.#options.brokers, `nothing fetched for ${Math.round(Math.min(silentMs, 1e9) / 1_000)} s`)
  }

  /** One life of a consumer. Resolves with why it ended. */
  async #readUntilLost(topics: readonly string[], onBatch: OnBatch, onProgress: () => void): Promise<unknown> {
    const { groupId, partitionsAtOnce = 8 } = this.#options
    const consumer = this.#consumer()
    const lost = Promise.withResolvers<unknown>()
    const closing = () => { lost.resolve(null) }
    this.#closing.signal.addEventListener('abort', closing)
    consumer.on('consumer.crash', ({ payload }) => { lost.resolve(payload.error) })
    consumer.on('consumer.fetch', () => { this.#fetchedAt = Date.now(); onProgress() })
    consumer.on('consumer.group_join', () => { readerJoined({ group: groupId, topics }) })
    let startedAt = Date.now()
    const watch = setInterval(() => {
      if (this.#inHand > 0) startedAt = Date.now()
      else if (Date.now() - Math.max(startedAt, this.#fetchedAt) > times.silenceMs) lost.resolve(new Error(`nothing fetched for ${times.silenceMs} ms`))
    }, 1_000)
    try {
      await consumer.connect()
      await consumer.subscribe({ topics: [...topics], fromBeginning: true })
      await consumer.run({
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: partitionsAtOnce,
        eachBatch: async (payload) => {
          await this.#deliver(payload, onBatch, (error) => { lost.resolve(error) })
        },
      })
      return await lost.promise
    } catch (error) {
      return error
    } finally {
      clearInterval(watch)
      this.#closing.signal.removeEventListener('abort', closing)
      await disconnect(consumer, groupId)
    }
  }

  async #deliver(payload: EachBatchPayload, onBatch: OnBatch, fail: (error: unknown) => void): Promise<void> {
    const { batch } = payload
    const isOurs = () => payload.isRunning() && !payload.isStale() && !this.#closing.signal.aborted
    if (!isOurs()) return
    this.#inHand += 1
    try {
      await onBatch({
        topic: batch.topic,
        partition: batch.partition,
        records: batch.messages.map(readRecord),
        highWatermark: BigInt(batch.highWatermark),
        heartbeat: async () => {
          if (!isOurs()) throw batchAbandoned(batch.topic, batch.partition)
          await payload.heartbeat()
        },
      })
      payload.resolveOffset(batch.lastOffset())
    } catch (error) {
      // A rebalance goes back to the client, which joins again; anything else ends this consumer.
      if (error instanceof kafkajs.KafkaJSError) throw error
      fail(error)
      throw new kafkajs.KafkaJSNonRetriableError(error instanceof Error ? error : String(error))
    } finally {
      this.#inHand -= 1
    }
  }

  #consumer(): Consumer {
    return this.#client.consumer({
      groupId: this.#options.groupId,
      sessionTimeout: times.sessionMs,
      heartbeatInterval: times.heartbeatMs,
      rebalanceTimeout: times.rebalanceMs,
      minBytes: 1,
      maxBytes: bytes.perFetch,
      maxBytesPerPartition: bytes.perPartition,
      maxWaitTimeInMs: times.fetchWaitMs,
      allowAutoTopicCreation: false,
      retry: { ...clientRetry, restartOnFailure: () => Promise.resolve(false) },
    })
  }
}

/** A record as we hand it on. */
export function readRecord({ offset, key, value, headers = {}, timestamp }: KafkaMessage): ReadRecord {
  const text = Object.fromEntries(Object.entries(headers).map(([name, header]) => [name, String(Array.isArray(header) ? header[0] : header)]))
  return { offset: BigInt(offset), key, value, headers: text, timestamp: Number(timestamp) }
}

/** A broker that stands still must not keep us from going on. */
async function disconnect(consumer: Consumer, group: string): Promise<void> {
  const left = new AbortController()
  const leaving = consumer.disconnect().catch((error: unknown) => { readerNotClosed({ group, error }) }).finally(() => { left.abort() })
  await Promise.race([leaving, pause(times.closeMs, left.signal)])
}

/** Waits, but not longer than until the signal. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await systemClock.sleep(ms, signal).catch((error: unknown) => { if (!signal.aborted) throw error })
}
