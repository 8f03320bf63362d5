import type { Batch } from './batch-source.ts'
import { BatchSource } from './batch-source.ts'
import type { WireRecord } from './wire-record.ts'

interface Running {
  readonly topics: ReadonlySet<string>
  readonly onBatch: (batch: Batch) => Promise<void>
}

/** The batch source for tests: the test delivers, and sees what has been committed. */
export class InMemoryBatchSource extends BatchSource {
  readonly #ends = new Map<string, bigint>()
  readonly #commits = new Map<string, bigint>()
  readonly #end = Promise.withResolvers<undefined>()
  readonly #started = Promise.withResolvers<Running>()
  #inHand: Promise<unknown> = Promise.resolve()
  #isClosed = false

  override async run(topics: readonly string[], onBatch: (batch: Batch) => Promise<void>): Promise<void> {
    this.#started.resolve({ topics: new Set(topics), onBatch })
    await this.#end.promise
  }

  override async close(): Promise<void> {
    this.#isClosed = true
    await this.#inHand
    this.#end.resolve(undefined)
  }

  override health(): void {
    if (this.#isClosed) throw new Error('The in-memory source is closed.')
  }

  /** Appends the records and delivers them as one batch. Resolves when the batch is committed, rejects with what `onBatch` threw. */
  async deliver(topic: string, records: readonly WireRecord[], { partition = 0, timestamp = 0 }: { partition?: number; timestamp?: number } = {}): Promise<void> {
    const { topics, onBatch } = await this.#started.promise
    if (!topics.has(topic)) throw new Error(`Nobody reads ${topic}; read are: ${[...topics].join(', ')}.`)
    const place = `${topic}/${partition}`
    const first = this.#ends.get(place) ?? 0n
    const end = first + BigInt(records.length)
    const delivery = onBatch({
      topic,
      partition,
      records: records.map(({ key, value, headers = {} }, index) => ({ offset: first + BigInt(index), key, value, headers, timestamp })),
      highWatermark: end,
      // eslint-disable-next-line @typescript-eslint/require-await -- rejects instead of throwing
      heartbeat: async () => { this.health() },
    })
    this.#inHand = delivery.catch(() => undefined)
    await delivery
    this.#ends.set(place, end)
    this.#commits.set(place, end)
  }

  /** The next offset that would be delivered after a restart. */
  committed(topic: string, partition = 0): bigint {
    return this.#commits.get(`${topic}/${partition}`) ?? 0n
  }
}
