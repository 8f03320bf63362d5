import { defineStream, httpSource, instant, int, text, tumbling, type Cursor, type HttpSource, type SourceRange, type StreamDeclaration } from '@millrace/stream-kit'
import { SourceReader, type SourcePage } from '../source/source-reader.ts'
import type { Place, Position, RangePlace } from '../rules/position.ts'

/** A record of the source of the specs. */
export interface Sighting {
  readonly seq: number
  readonly id: string
  readonly bird: string
  readonly count?: unknown
  readonly seenAt: unknown
}

export interface SightingsOptions {
  readonly pageSize?: number
  readonly overlap?: number
  readonly order?: 'ascending' | 'any'
  readonly poll?: '200 milliseconds'
  /** Without it the source has no range. */
  readonly hasRange?: boolean
}

/** A stream for specs: birds seen, two partitions, a minute of lateness. */
export function sightings({ pageSize = 3, overlap = 0, order = 'ascending', poll, hasRange = true }: SightingsOptions = {}): StreamDeclaration {
  return defineStream({
    name: 'sightings', version: 1, summary: 'A bird seen.',
    event: { id: text(), bird: text(), count: int().optional(), seenAt: instant() },
    id: ['id'], key: 'bird', eventTime: 'seenAt', lateness: '1 minute', retention: '1 hour', partitions: 2, ...(poll && { poll }),
    source: httpSource({
      url: 'http://127.0.0.1:13009/sightings', start: { seq: 0 }, overlap, pageSize, timeout: '1 second', order,
      request: ({ cursor, page, pageSize: limit }) => ({ query: { after: cursor.seq + page * limit, limit } }),
      ...(hasRange && { range: ({ from, to, page, pageSize: limit }: SourceRange) => ({ query: { from, to, skip: page * limit, limit } }) }),
      items: (body: Sighting[]) => body,
      advance: ({ seq }, items) => ({ seq: items.reduce((greatest, item) => Math.max(greatest, item.seq), seq) }),
      toEvent: ({ id, bird, count, seenAt }) => ({ id, bird, count: count as number | undefined, seenAt: seenAt as number }),
    }),
    views: { 'per-minute': { summary: 'By minute.', window: tumbling('1 minute') } },
  })
}

/** Serves records by their sequence number, from 1, without gaps; the newest text of each. */
export class SightingReader extends SourceReader {
  records: Sighting[] = []
  dateMs: number | null = null
  /** Thrown by the next reads; undefined lets one pass. */
  failures: (Error | undefined)[] = []
  ignoresPaging = false
  /** Answers a range with everything it has, whatever was asked for. */
  ignoresRange = false
  reads: { cursor: Cursor | null; page: number }[] = []

  override read({ source }: StreamDeclaration, place: Place): Promise<SourcePage> {
    this.reads.push({ cursor: 'range' in place ? null : place.cursor, page: place.page })
    const failure = this.failures.shift()
    if (failure) return Promise.reject(failure)
    const items = 'range' in place ? this.#inRange(source, place) : this.#after(source, place)
    return Promise.resolve({ url: 'http://127.0.0.1:13009/sightings', items, bytesOf: (index) => Buffer.from(JSON.stringify(items[index])), isUtf8: () => true, dateMs: this.dateMs })
  }

  #after(source: HttpSource, { cursor, page }: Position): Sighting[] {
    const { query } = source.request({ cursor, page, pageSize: source.pageSize })
    return this.records.filter(({ seq }) => this.ignoresPaging || seq > Number(query['after'])).slice(0, Number(query['limit']))
  }

  #inRange(source: HttpSource, { range: { from, to }, page }: RangePlace): Sighting[] {
    const { query = {} } = source.range?.({ from: new Date(from).toISOString(), to: new Date(to).toISOString(), page, pageSize: source.pageSize }) ?? {}
    const [first, last] = [Date.parse(String(query['from'])), Date.parse(String(query['to']))]
    const found = this.records.filter(({ seenAt }) => this.ignoresRange || typeof seenAt !== 'number' || (seenAt >= first && seenAt < last))
    return found.slice(Number(query['skip']), Number(query['skip']) + Number(query['limit']))
  }
}

/** Records one second apart from `startMs` on. */
export function birds(count: number, { startMs, from = 1, id = 'b' }: { startMs: number; from?: number; id?: string }): Sighting[] {
  return Array.from({ length: count }, (_, i) => ({ seq: from + i, id: `${id}${from + i}`, bird: ['owl', 'crow', 'wren'][i % 3] ?? 'owl', count: i, seenAt: startMs + i * 1_000 }))
}
