import type { DeadLetter, LetterStore } from '@millrace/cassandra'
import type { ReadRecord } from '@millrace/kafka'
import { malformedBecause, type Offsets } from '@millrace/spark-connect'
import { eventTopic, type StreamDeclaration } from '@millrace/stream-kit'
import type { EventTopics } from '../ports.ts'
import { malformedKept } from '../spark-bridge.signals.ts'
import { offsetsOf } from './offsets.ts'

interface Range {
  readonly partition: number
  readonly from: number
  readonly to: number
}

/** Records read at once: a few megabytes, and well under a second. */
const chunk = 5_000

/**
 * Finds the records that batches reported as malformed, and keeps them as dead letters where they lie: found again, by the
 * next bridge or by another generation, they are the same letters. A step reads one chunk, so that it holds up nobody.
 */
export class MalformedSearch {
  readonly #because: ReturnType<typeof malformedBecause>
  #ranges: readonly Range[] = []

  constructor(private readonly stream: StreamDeclaration, private readonly topics: EventTopics, private readonly letters: Pick<LetterStore, 'writeDead'>) {
    this.#because = malformedBecause(stream)
  }

  /** How many records are still to be looked at. */
  get left(): number {
    return this.#ranges.reduce((sum, { from, to }) => sum + to - from, 0)
  }

  /** A batch over these offsets reported malformed records. */
  add({ from, to }: { readonly from: Offsets; readonly to: Offsets }): void {
    const ranges = Object.entries(to).map(([partition, end]) => ({ partition: Number(partition), from: from[partition] ?? 0, to: end }))
    this.#ranges = [...this.#ranges, ...ranges.filter((range) => range.from < range.to)]
  }

  async step(): Promise<void> {
    const [next, ...rest] = this.#ranges
    if (!next) return
    const topic = eventTopic(this.stream)
    const begin = offsetsOf(await this.topics.beginningOffsets(topic))[next.partition] ?? 0
    const from = Math.max(next.from, begin)
    const to = Math.min(next.to, from + chunk)
    const records = from < to ? await this.topics.readRange(topic, next.partition, BigInt(from), BigInt(to)) : []
    const found = records.flatMap((record) => {
      const detail = this.#because(record.value)
      return detail === null ? [] : [deadLetter(record, { topic, partition: next.partition, detail })]
    })
    await this.letters.writeDead(this.stream, found)
    if (found.length > 0) malformedKept({ stream: topic, partition: next.partition, count: found.length, detail: found[0]?.detail })
    this.#ranges = to < next.to ? [{ ...next, from: to }, ...rest] : rest
  }
}

const deadLetter = ({ offset, key, value, headers, timestamp }: ReadRecord, { topic, partition, detail }: { topic: string; partition: number; detail: string }): DeadLetter => ({
  topic,
  partition,
  offset: Number(offset),
  key: key?.toString() ?? '',
  reason: 'malformed',
  detail,
  origin: JSON.stringify({ topic, partition, offset: offset.toString() }),
  eventTime: null,
  run: headers['run'] ?? '',
  value: value ?? Buffer.alloc(0),
  receivedAt: timestamp,
})
