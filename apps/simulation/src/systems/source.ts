import { IngestionError, SourceReader, type Place, type SourcePage } from '@millrace/ingestion/parts'
import type { HttpSource, StreamDeclaration } from '@millrace/stream-kit'
import type { Machine } from '../engine/machine.ts'
import type { SourceItem } from '../stream.ts'
import type { World } from '../world.ts'
import type { TimedItem } from './records.ts'

/** The source of the world: it shows what has appeared, by sequence number or by a range of event times. */
export class Source {
  readonly #world: World
  readonly #records: TimedItem[]
  readonly #clock: 'none' | 'right' | 'off'

  constructor(world: World, records: readonly TimedItem[], clock: 'none' | 'right' | 'off') {
    this.#world = world
    this.#records = [...records]
    this.#clock = clock
  }

  add(record: TimedItem): void {
    this.#records.push(record)
  }

  reader(machine: Machine): SourceReader {
    return new SimulatedReader(machine, this)
  }

  /** One page; throws what a source throws. */
  page({ source }: StreamDeclaration, place: Place): Pick<SourcePage, 'items' | 'dateMs'> {
    const { faults, random, time } = this.#world
    if (faults.happens('source: 429 with Retry-After')) throw new IngestionError('source_busy', 'The source answers 429.', { fields: { retryAfterMs: random.below(4_000) } })
    if (faults.happens('source: 5xx')) throw new IngestionError('source_failed', 'The source answers 500.')
    if (faults.happens('source: cut answer')) throw new IngestionError('source_answer_unreadable', 'The answer is not JSON.')
    if (faults.happens('source: changed between two attempts')) this.#change()
    const items = ('range' in place ? this.#inRange(source, place) : this.#after(source, place)).map(({ item }) => item)
    this.#world.watch.returned(items)
    return { items, dateMs: this.#clock === 'none' ? null : Math.round(time.now) + (this.#clock === 'off' ? 900_000 : 0) }
  }

  #visible(): TimedItem[] {
    return this.#records.filter(({ appearsAt }) => appearsAt <= this.#world.time.now).sort((a, b) => a.item.seq - b.item.seq)
  }

  #after(source: HttpSource, { cursor, page }: Exclude<Place, { range: unknown }>): TimedItem[] {
    const { query } = source.request({ cursor, page, pageSize: source.pageSize })
    return cut(this.#visible().filter(({ item }) => item.seq > Number(query['after'])), query)
  }

  #inRange(source: HttpSource, { range: { from, to }, page }: Extract<Place, { range: unknown }>): TimedItem[] {
    const { query = {} } = source.range?.({ from: new Date(from).toISOString(), to: new Date(to).toISOString(), page, pageSize: source.pageSize }) ?? {}
    return cut(this.#visible().filter(({ item: { seenAt } }) => typeof seenAt === 'number' && seenAt >= from && seenAt < to), query)
  }

  /** Some record reads otherwise from now on: whoever judges a page again would judge it otherwise. */
  #change(): void {
    const changed = this.#world.random.pick(this.#records)
    if (changed.isBroken) return
    const item: SourceItem = { ...changed.item, count: this.#world.random.between(300, 400) }
    changed.item = item
  }
}

class SimulatedReader extends SourceReader {
  constructor(private readonly machine: Machine, private readonly source: Source) {
    super()
  }

  override read(stream: StreamDeclaration, place: Place, signal: AbortSignal): Promise<SourcePage> {
    const url = `http://127.0.0.1:13009/sightings?${'range' in place ? 'range' : `after=${String(place.cursor['seq'])}`}&page=${place.page}`
    const unreachable = () => new IngestionError('source_unreachable', 'The source does not answer.')
    const asked = this.machine.request({
      to: 'source', what: `reading ${url.slice(31)}`, isRead: true, refused: unreachable, unknown: unreachable,
      effect: () => this.source.page(stream, place),
    }).then(({ items, dateMs }): SourcePage => ({ url, items, dateMs, bytesOf: (index) => Buffer.from(JSON.stringify(items[index])), isUtf8: () => true }))
    return new Promise((resolve, reject) => {
      const giveUp = (): void => { reject(signal.reason as Error) }
      if (signal.aborted) giveUp()
      else signal.addEventListener('abort', giveUp, { once: true })
      asked.then(resolve, reject).finally(() => { signal.removeEventListener('abort', giveUp) })
    })
  }
}

const cut = (records: readonly TimedItem[], query: Readonly<Record<string, string | number>>): TimedItem[] => records.slice(Number(query['skip']), Number(query['skip']) + Number(query['limit']))
