import type { DeadLetter } from '@millrace/cassandra'
import type { ReadRecord } from '@millrace/kafka'
import { hasPassed } from '@millrace/service'
import { malformedBecause, type Offsets } from '@millrace/spark-connect'
import { eventTopic, type StreamDeclaration } from '@millrace/stream-kit'
import { batchesUnheard, malformedKept } from '../spark-bridge.signals.ts'
import { offsetsOf } from './offsets.ts'
import { Searched, type Range, type ReadBatch } from './searched.ts'
import type { Surroundings } from './surroundings.ts'

/** Records read at once: a few megabytes, and well under a second. */
const chunk = 5_000
/** How often it is written down how far the search is: what lies behind that is looked at again after a crash. */
const savedEveryMs = 10_000

interface Told extends ReadBatch {
  readonly generation: number
}

/**
 * Finds the records that batches reported as malformed, and keeps them as dead letters where they lie: found again, by the
 * next bridge or by another generation, they are the same letters. How far it is stands in Cassandra, so that the next
 * bridge also looks at what this one knew of, and at batches that it had not heard of when it died. A step reads one chunk,
 * so that it holds up nobody.
 */
export class MalformedSearch {
  readonly #because: ReturnType<typeof malformedBecause>
  readonly #searched = new Map<number, Searched>()
  readonly #saved = new Map<number, { readonly offsets: Offsets; readonly at: number }>()
  /** What waits until it is known how far the search is. */
  #told: readonly Told[] = []

  constructor(private readonly stream: StreamDeclaration, private readonly around: Pick<Surroundings, 'topics' | 'letters' | 'searches'>) {
    this.#because = malformedBecause(stream)
  }

  /** How many records are still to be looked at, as far as is known. */
  get left(): number {
    return [...this.#searched.values()].reduce((sum, { left }) => sum + left, 0)
  }

  /** Batches of a generation's query, oldest first, and how far it has come by them and by those that nobody has heard of. */
  took(generation: number, batches: readonly ReadBatch[], committed: Offsets): void {
    const last = this.#told.findLast((told) => told.generation === generation)
    const rest = last && batches.length === 0 && JSON.stringify(last.to) === JSON.stringify(committed) ? [] : [{ from: committed, to: committed, isMalformed: false }]
    this.#told = [...this.#told, ...[...batches, ...rest].map((batch) => ({ ...batch, generation }))]
  }

  /** Only these generations are told of any more. */
  keep(generations: ReadonlySet<number>): void {
    for (const [generation, { left }] of this.#searched) if (!generations.has(generation) && left === 0) this.#searched.delete(generation)
  }

  async step(now: number): Promise<void> {
    await this.#hear()
    for (const searched of this.#searched.values())
      if (searched.next) {
        await this.#look(searched, searched.next)
        break
      }
    await this.#save(now)
  }

  async #hear(): Promise<void> {
    for (const { generation } of this.#told)
      if (!this.#searched.has(generation)) this.#searched.set(generation, new Searched(await this.around.searches.read(this.stream, generation)))
    const untold = this.#told.reduce((sum, told) => sum + (this.#searched.get(told.generation)?.add(told) ?? 0), 0)
    this.#told = []
    if (untold > 0) batchesUnheard({ stream: eventTopic(this.stream), count: untold })
  }

  async #look(searched: Searched, { partition, from: asked, to: end }: Range): Promise<void> {
    const { topics, letters } = this.around
    const topic = eventTopic(this.stream)
    const begin = offsetsOf(await topics.beginningOffsets(topic))[partition] ?? 0
    const from = Math.max(asked, begin)
    const to = Math.min(end, from + chunk)
    const records = from < to ? await topics.readRange(topic, partition, BigInt(from), BigInt(to)) : []
    const found = records.flatMap((record) => {
      const detail = this.#because(record.value)
      return detail === null ? [] : [deadLetter(record, { topic, partition, detail })]
    })
    await letters.writeDead(this.stream, found)
    if (found.length > 0) malformedKept({ stream: topic, partition, count: found.length, detail: found[0]?.detail })
    searched.lookedAt(to)
  }

  async #save(now: number): Promise<void> {
    for (const [generation, { offsets }] of this.#searched) {
      const saved = this.#saved.get(generation)
      if (saved && (!hasPassed(savedEveryMs, { since: saved.at, now }) || JSON.stringify(saved.offsets) === JSON.stringify(offsets))) continue
      await this.around.searches.write(this.stream, generation, offsets)
      this.#saved.set(generation, { offsets, at: now })
    }
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
