import { approxCountDistinct, approxPercentile, avg, bool, count, defineStream, first, httpSource, instant, int, last, max, min, ratio, real, sliding, sum, text, times, tumbling, uuid, type StreamDeclaration, type ViewDeclaration } from '@millrace/stream-kit'

/** A stream for the specs of this library: every kind of field as group and as measure, and a name that CQL reserves. */
export const nightTrains = defineStream({
  name: 'night-trains',
  version: 3,
  summary: 'A train passing a signal.',
  event: { id: text(), line: text(), order: int(), unit: uuid(), seenAt: instant(), isFreight: bool(), delay: real(), driver: text().optional() },
  id: ['id'],
  key: 'line',
  eventTime: 'seenAt',
  lateness: '1 minute',
  retention: '2 days',
  partitions: 2,
  source: httpSource({
    url: 'http://127.0.0.1:13009/trains',
    start: { seq: 0 },
    overlap: 0,
    pageSize: 10,
    timeout: '1 second',
    order: 'ascending',
    request: () => ({ query: {} }),
    items: () => [],
    advance: (cursor) => cursor,
    toEvent: () => ({ id: '', line: '', order: 0, unit: '', seenAt: 0, isFreight: false, delay: 0 }),
  }),
  views: {
    'per-hour': { summary: 'Trains an hour by line.', window: tumbling('1 hour'), by: ['line'], measures: { meanDelay: avg('delay'), lastDriver: last('driver'), delayShare: ratio(sum('delay'), sum('order')) } },
    kinds: {
      summary: 'Every kind of group and of measure.',
      window: tumbling('1 hour'),
      by: ['line', 'order', 'unit', 'isFreight', 'seenAt'],
      measures: {
        trains: count(), orders: sum('order'), delays: sum('delay'), weighted: sum(times('delay', 'order')), meanOrder: avg('order'), firstUnit: first('unit'),
        lastSeen: last('seenAt'), firstFreight: first('isFreight'), leastDriver: min('driver'), greatestDelay: max('delay'), drivers: approxCountDistinct('driver'),
        median: approxPercentile('delay', 0.5), share: ratio(count(), sum('order')),
      },
    },
    rolling: { summary: 'All trains of ten minutes, every minute.', window: sliding('10 minutes', { every: '1 minute' }), measures: { worst: max('delay') }, bucket: 'hour' },
  },
})

export function viewOf(name: string, stream: StreamDeclaration = nightTrains): ViewDeclaration {
  const found = stream.views.find((view) => view.name === name)
  if (!found) throw new Error(`The stream ${stream.name} has no view ${name}.`)
  return found
}
