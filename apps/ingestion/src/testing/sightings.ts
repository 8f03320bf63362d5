import { defineStream, httpSource, instant, int, text, tumbling, type Cursor, type StreamDeclaration } from '@millrace/stream-kit'
import { SourceReader, type SourcePage } from '../source/source-reader.ts'
import type { Position } from '../rules/position.ts'

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
}

/** A stream for specs: birds seen, two partitions, a minute of lateness. */
export function sightings({ pageSize = 3, overlap = 0, order = 'ascending', poll }: SightingsOptions = {}): StreamDeclaration {
  return defineStream({
    name: 'sightings', version: 1, summary: 'A bird seen.',
    event: { id: text(), bird: text(), count: int().optional(), seenAt: instant() },
    id: ['id'], key: 'bird', eventTime: 'seenAt', lateness: '1 minute', retention: '1 hour', partitions: 2, ...(poll && { poll }),
    source: httpSource({
      url: 'http://127.0.0.1:13009/sightings', start: { seq: 0 }, overlap, pageSize, timeout: '1 second', order,
      request: ({ cursor, page, pageSize: limit }) => ({ query: { after: cursor.seq + page * limit, limit } }),
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
  reads: { cursor: Cursor; page: number }[] = []

  override read({ source }: StreamDeclaration, { cursor, page }: Position): Promise<SourcePage> {
    this.reads.push({ cursor, page })
    const failure = this.failures.shift()
    if (failure) return Promise.reject(failure)
    const { query } = source.request({ cursor, page, pageSize: source.pageSize })
    const items = this.records.filter(({ seq }) => this.ignoresPaging || seq > Number(query['after'])).slice(0, Number(query['limit']))
    return Promise.resolve({ url: 'http://127.0.0.1:13009/sightings', items, bytesOf: (index) => Buffer.from(JSON.stringify(items[index])), dateMs: this.dateMs })
  }
}

/** Records one second apart from `startMs` on. */
export function birds(count: number, { startMs, from = 1, id = 'b' }: { startMs: number; from?: number; id?: string }): Sighting[] {
  return Array.from({ length: count }, (_, i) => ({ seq: from + i, id: `${id}${from + i}`, bird: ['owl', 'crow', 'wren'][i % 3] ?? 'owl', count: i, seenAt: startMs + i * 1_000 }))
}
