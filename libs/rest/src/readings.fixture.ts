import { approxCountDistinct, avg, bool, defineCatalogue, defineStream, first, httpSource, instant, int, last, max, ratio, real, sliding, sum, text, tumbling, uuid } from '@millrace/stream-kit'

/** A stream with every kind of field, as group and as measure. */
export const readings = defineStream({
  name: 'sensor-readings',
  version: 2,
  summary: 'A reading of a sensor.',
  event: { site: text({ maxLength: 12 }), device: uuid(), channel: int(), isTest: bool(), day1: instant(), value: real().optional(), note: text().optional(), readAt: instant() },
  id: ['device', 'readAt'],
  key: 'site',
  eventTime: 'readAt',
  lateness: '1 minute',
  retention: '2 days',
  partitions: 1,
  source: httpSource({
    url: 'http://127.0.0.1:13009/readings',
    start: { seq: 0 },
    overlap: 0,
    pageSize: 10,
    timeout: '5 seconds',
    request: ({ pageSize }) => ({ query: { limit: pageSize } }),
    items: (body: { items: { site: string }[] }) => body.items,
    advance: (cursor) => cursor,
    toEvent: ({ site }) => ({ site, device: '0f8fad5b-d9cb-469f-a165-70867728950e', channel: 1, isTest: false, day1: 0, readAt: 0 }),
  }),
  views: {
    'per-minute': {
      summary: 'Values a minute.',
      window: tumbling('1 minute'),
      by: ['site', 'device', 'channel', 'isTest', 'day1'],
      measures: { highest: max('value'), mean: avg('value'), total: sum('channel'), firstNote: first('note'), lastSeen: last('readAt'), anyTest: last('isTest'), lastDevice: last('device'), devices: approxCountDistinct('device'), share: ratio(sum('value'), sum('channel')) },
      bucket: 'hour',
    },
    overall: { summary: 'Values of ten minutes, every minute.', window: sliding('10 minutes', { every: '1 minute' }) },
  },
})

export const fixtures = defineCatalogue([readings])
