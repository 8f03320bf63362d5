import { defineStream, first, httpSource, instant, int, last, max, min, ratio, real, sum, text, times, tumbling } from '@millrace/stream-kit'

interface Trade {
  seq: number
  id: string
  symbol: string
  price: number
  size: number
  tradedAt: string
}

const prices = { open: first('price'), high: max('price'), low: min('price'), close: last('price'), volume: sum('size') }
const vwap = ratio(sum(times('price', 'size')), sum('size'))

export const trades = defineStream({
  name: 'trades',
  version: 1,
  summary: 'A trade of a share on an exchange.',
  event: {
    id: text({ maxLength: 64 }),
    symbol: text({ maxLength: 12 }),
    price: real(),
    size: int(),
    tradedAt: instant(),
  },
  id: ['id'],
  key: 'symbol',
  eventTime: 'tradedAt',
  lateness: '10 seconds',
  retention: '2 hours',
  partitions: 2,
  poll: '200 milliseconds',
  check: '*/10 * * * *',
  source: httpSource({
    url: 'http://127.0.0.1:13009/v1/trades',
    start: { seq: 0 },
    overlap: 0,
    pageSize: 1_000,
    timeout: '10 seconds',
    order: 'ascending',
    request: ({ cursor, page, pageSize }) => ({ query: { after: cursor.seq + page * pageSize, limit: pageSize } }),
    range: ({ from, to, page, pageSize }) => ({ query: { from, to, offset: page * pageSize, limit: pageSize } }),
    items: (body: { trades: Trade[] }) => body.trades,
    advance: ({ seq }, items) => ({ seq: items.reduce((greatest, trade) => Math.max(greatest, trade.seq), seq) }),
    toEvent: ({ id, symbol, price, size, tradedAt }) => ({ id, symbol, price, size, tradedAt }),
  }),
  views: {
    'per-10-seconds': {
      summary: 'Prices and volume every ten seconds by symbol.',
      window: tumbling('10 seconds'),
      by: ['symbol'],
      measures: { ...prices, vwap },
      bucket: 'hour',
    },
    'per-minute': {
      summary: 'Prices and volume every minute by symbol.',
      window: tumbling('1 minute'),
      by: ['symbol'],
      measures: { ...prices, vwap },
    },
  },
})
