import type { ReadRecord } from '@millrace/kafka'
import type { Offsets } from '@millrace/spark-connect'
import { eventTopic, type StreamDeclaration } from '@millrace/stream-kit'
import type { DroppedRecounts, EventTopics } from '../ports.ts'
import { droppedRecounted } from '../spark-bridge.signals.ts'
import { eventTimeIn } from './generation-floor.ts'
import { offsetsOf } from './offsets.ts'

/** A batch from which Spark has dropped events. */
export interface DroppedFrom {
  readonly generation: number
  readonly from: Offsets
  readonly to: Offsets
}

interface Span {
  readonly earliest: number
  readonly latest: number
}

interface Search extends DroppedFrom {
  /** What is still to be read, by partition. */
  readonly left: readonly { readonly partition: number; readonly from: number; readonly to: number }[]
  /** The event times found so far; null before the first. */
  readonly span: Span | null
}

/** Records read at once: a few megabytes, and well under a second. */
const chunk = 5_000

/**
 * Has the windows of a batch recounted from which Spark has dropped events behind its watermark. Mostly those are old
 * repetitions, whose first copy counts; only where a window is stored otherwise than the topic says is something lost, and
 * the recount says so. It waits until the shortest windows of the batch's newest event are final: then all that the dropped
 * events could have counted in is.
 */
export class DroppedSearch {
  readonly #searches: Search[] = []
  readonly #topic: string
  readonly #shortest: number
  readonly #longest: number

  constructor(private readonly stream: StreamDeclaration, private readonly topics: EventTopics, private readonly recounts: DroppedRecounts) {
    this.#topic = eventTopic(stream)
    const sizes = stream.views.map(({ window }) => window.sizeMs)
    this.#shortest = Math.min(...sizes)
    this.#longest = Math.max(...sizes)
  }

  /** How many batches are still to be recounted. */
  get left(): number {
    return this.#searches.length
  }

  add(batch: DroppedFrom): void {
    const left = Object.entries(batch.to).map(([partition, to]) => ({ partition: Number(partition), from: batch.from[partition] ?? 0, to })).filter(({ from, to }) => from < to)
    this.#searches.push({ ...batch, left, span: null })
  }

  /** Reads one chunk, or enters one recount, so that it holds up nobody. */
  async step(finalUntil: () => Promise<number | undefined>): Promise<void> {
    const [search] = this.#searches
    if (!search) return
    if (search.left.length > 0) this.#searches[0] = await this.#read(search)
    else if (search.span === null) this.#searches.shift()
    else await this.#enter(search, search.span, await finalUntil())
  }

  async #read(search: Search): Promise<Search> {
    const [next, ...rest] = search.left
    if (!next) return search
    const begin = offsetsOf(await this.topics.beginningOffsets(this.#topic))[next.partition] ?? 0
    const from = Math.max(next.from, begin)
    const to = Math.min(next.to, from + chunk)
    const records = from < to ? await this.topics.readRange(this.#topic, next.partition, BigInt(from), BigInt(to)) : []
    return { ...search, span: this.#widened(search.span, records), left: to < next.to ? [{ ...next, from: to }, ...rest] : rest }
  }

  #widened(span: Span | null, records: readonly ReadRecord[]): Span | null {
    const times = records.flatMap(({ value }) => (value ? eventTimeIn(value, this.stream.eventTime) : null) ?? [])
    return times.reduce<Span | null>((found, time) => ({ earliest: Math.min(found?.earliest ?? time, time), latest: Math.max(found?.latest ?? time, time) }), span)
  }

  async #enter({ generation, from: offsets, to: ends }: Search, { earliest, latest }: Span, finalUntil: number | undefined): Promise<void> {
    const to = latest + this.#shortest
    if (finalUntil === undefined || finalUntil < to) return
    const range = { from: earliest - this.#longest, to }
    await this.recounts.enter(this.stream, { generation, batch: JSON.stringify([offsets, ends]), ...range })
    droppedRecounted({ stream: this.#topic, from: new Date(range.from).toISOString(), to: new Date(range.to).toISOString() })
    this.#searches.shift()
  }
}
