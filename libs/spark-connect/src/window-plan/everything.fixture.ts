import {
  above, approxCountDistinct, approxPercentile, avg, bool, count, defineStream, difference, first, httpSource, instant, int, last, max, min, minus, not, oneOf, plus, present,
  ratio, real, sliding, sum, text, times, tumbling, uuid,
} from '@millrace/stream-kit'

/** A stream with every kind of field, measure, window and condition. */
export const everything = (name = 'everything') => defineStream({
  name,
  version: 1,
  summary: 'Every kind of everything.',
  event: {
    id: text(), part: int(), sort: bool(), at: instant(),
    n: int().optional(), x: real().optional(), s: text().optional(), u: uuid().optional(), b: bool().optional(), seen: instant().optional(), unread: text().optional(),
  },
  id: ['id', 'part'],
  key: 'id',
  eventTime: 'at',
  lateness: '10 seconds',
  retention: '1 day',
  partitions: 2,
  source: httpSource({
    url: 'http://127.0.0.1/', start: { seq: 0 }, overlap: 0, pageSize: 1, timeout: '1 second',
    request: () => ({ query: {} }), items: (body: never[]) => body, advance: (cursor) => cursor, toEvent: (item) => item,
  }),
  views: {
    all: {
      summary: 'Every measure, grouped by every kind of field that can tell groups apart.',
      window: tumbling('1 minute'),
      by: ['part', 'sort', 'at'],
      measures: {
        number: count(), sumInt: sum('n'), sumReal: sum('x'), meanInt: avg('n'), meanReal: avg('x'),
        leastInt: min('n'), greatestReal: max('x'), leastText: min('s'), greatestUuid: max('u'), latestSeen: max('seen'),
        firstText: first('s'), lastText: last('s'), firstBool: first('b'), lastSeen: last('seen'),
        texts: approxCountDistinct('s'), bools: approxCountDistinct('b'), medianInt: approxPercentile('n', 0.5), highReal: approxPercentile('x', 0.99, { accuracy: 100 }),
        squares: sum(times('n', 'n')), cubes: sum(times(times('n', 'n'), 'n')), mixed: sum(plus(minus('x', 1.5), 'n')), shifted: sum(plus('n', 7)),
        ratioOfSums: ratio(sum('x'), sum('n')), eventsPerSum: ratio(count(), sum('n')), spread: difference(max('n'), min('n')), move: difference(last('x'), first('x')),
      },
    },
    some: {
      summary: 'Only some events, in sliding windows, in one group.',
      window: sliding('1 minute', { every: '20 seconds' }),
      measures: { lastText: last('s'), sumReal: sum('x') },
      where: { op: 'some', of: [above('x', 1), not(present('n')), oneOf('s', ["it's \\ \"q\"", 'b'])] },
    },
  },
})
