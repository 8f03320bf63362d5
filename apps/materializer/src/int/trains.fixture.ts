import { defineStream, httpSource, instant, max, real, text, tumbling, type StreamDeclaration } from '@millrace/stream-kit'

/** A stream of two partitions with one grouped view, under a name of the test's own. */
export const trains = (name: string): StreamDeclaration => defineStream({
  name,
  version: 1,
  summary: 'A train passing a signal.',
  event: { id: text(), line: text(), delay: real(), seenAt: instant() },
  id: ['id'],
  key: 'line',
  eventTime: 'seenAt',
  lateness: '1 minute',
  retention: '1 day',
  partitions: 2,
  source: httpSource({
    url: 'http://127.0.0.1:13009/trains', start: { seq: 0 }, overlap: 0, pageSize: 10, timeout: '1 second',
    request: () => ({ query: {} }), items: () => [], advance: (cursor) => cursor, toEvent: () => ({ id: 'a', line: 'a', delay: 0, seenAt: 0 }),
  }),
  views: { 'per-minute': { summary: 'Trains a minute by line.', window: tumbling('1 minute'), by: ['line'], measures: { worst: max('delay') } } },
})
