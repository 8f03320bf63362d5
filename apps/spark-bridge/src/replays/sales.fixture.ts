import { atLeast, avg, count, defineStream, first, httpSource, instant, int, max, real, sliding, sum, text, tumbling, type StreamDeclaration } from '@millrace/stream-kit'

export const minute = 60_000
export const noon = Date.parse('2024-01-01T12:00:00Z')

interface SaleRecord {
  readonly id: string
  readonly shop: string
  readonly amount: number
  readonly price: number
  readonly when: string
}

/** Its records say the time as text: what is included must be made an event of. */
export const salesOf = (name: string): StreamDeclaration => defineStream({
  name, version: 1, summary: 'Sales of a shop.',
  event: { id: text(), shop: text(), amount: int(), price: real(), at: instant() },
  id: ['id'], key: 'shop', eventTime: 'at', lateness: '10 seconds', retention: '1 day', partitions: 2, trustSourceClock: true,
  source: httpSource({ url: 'http://127.0.0.1/', start: { seq: 0 }, overlap: 0, pageSize: 1, timeout: '1 second', request: () => ({ query: {} }), items: (body: never[]) => body, advance: (cursor) => cursor, toEvent: ({ when, ...item }: SaleRecord) => ({ ...item, at: when }) }),
  views: {
    'per-minute': { summary: 'Sales a minute.', window: tumbling('1 minute'), by: ['shop'], measures: { amount: sum('amount'), sales: count(), mean: avg('price'), open: first('price'), most: max('amount') } },
    rolling: { summary: 'Larger sales of three minutes.', window: sliding('3 minutes', { every: '1 minute' }), measures: { turnover: sum('price') }, where: atLeast('amount', 3) },
  },
})

/** Eighty minutes and more; every twentieth sale comes twice. */
export const saleAt = (index: number) => ({ id: `s${index}`, shop: `shop-${index % 3}`, amount: index % 10, price: (index % 97) / 10 - 3, at: noon + index * 4_000 })
export const sales = Array.from({ length: 2_000 }, (_, index) => JSON.stringify(saleAt(index))).flatMap((value, index) => (index % 20 === 0 ? [value, value] : [value]))
