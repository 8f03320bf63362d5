import { defineCatalogue, defineStream, httpSource, instant, int, sum, text, tumbling, type Catalogue, type SourceRange, type StreamDeclaration } from '@millrace/stream-kit'

/** A record as the source writes it. What is broken is broken in `count`, `seenAt` or `bird`. */
export interface SourceItem {
  readonly seq: number
  readonly id: string
  readonly bird: unknown
  readonly count: unknown
  readonly seenAt: unknown
}

export interface StreamShape {
  readonly pageSize: number
  readonly overlap: number
  readonly order: 'ascending' | 'any'
}

export const hourMs = 3_600_000

function sightings({ pageSize, overlap, order }: StreamShape): StreamDeclaration {
  return defineStream({
    name: 'sightings', version: 1, summary: 'A bird seen.',
    event: { id: text(), bird: text(), count: int().optional(), seenAt: instant() },
    id: ['id'], key: 'bird', eventTime: 'seenAt', lateness: '30 minutes', retention: '7 days', partitions: 2, poll: '2 seconds', trustSourceClock: true,
    source: httpSource({
      url: 'http://127.0.0.1:13009/sightings', start: { seq: 0 }, overlap, pageSize, timeout: '1 second', order,
      request: ({ cursor, page, pageSize: limit }) => ({ query: { after: cursor.seq, skip: page * limit, limit } }),
      range: ({ from, to, page, pageSize: limit }: SourceRange) => ({ query: { from, to, skip: page * limit, limit } }),
      items: (body: SourceItem[]) => body,
      advance: ({ seq }, items) => ({ seq: items.reduce((greatest, item) => Math.max(greatest, item.seq), seq) }),
      toEvent: ({ id, bird, count, seenAt }) => {
        if (bird === null) throw new TypeError('there is no bird')
        return { id, bird: bird as string, count: count as number, seenAt: seenAt as number }
      },
    }),
    views: {
      'per-hour': { summary: 'Birds by kind and hour.', window: tumbling('1 hour'), by: ['bird'], measures: { birds: sum('count') } },
      'per-ten-minutes': { summary: 'All of ten minutes.', window: tumbling('10 minutes') },
    },
  })
}

interface Declared {
  readonly stream: StreamDeclaration
  readonly catalogue: Catalogue
}

const known = new Map<string, Declared>()

/** The one stream of a world, in this shape. Made once a shape. */
export function declared(shape: StreamShape): Declared {
  const key = JSON.stringify(shape)
  const found = known.get(key)
  if (found) return found
  const stream = sightings(shape)
  const made = { stream, catalogue: defineCatalogue([stream]) }
  known.set(key, made)
  return made
}
