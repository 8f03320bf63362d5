import { describe, expect, it } from '@jest/globals'
import { above, atLeast, atMost, below, every, not, oneOf, present, some, type Condition } from './condition.ts'
import { defineStream } from './define-stream.ts'
import { instant, int, text } from './field.ts'
import { httpSource } from './http-source.ts'
import { isFromTopic, keptEvent } from './kept-event.ts'
import { count } from './measure.ts'
import { sliding, tumbling } from './window.ts'
import { conditionFields, meets, windowsOf, windowStarts } from './windows-of.ts'

const stream = defineStream({
  name: 'birds', version: 1, summary: 'A bird seen.',
  event: { id: text(), bird: text(), size: int().optional(), seenAt: instant() },
  id: ['id'], key: 'bird', eventTime: 'seenAt', lateness: '1 minute', retention: '1 hour', partitions: 1,
  source: httpSource({
    url: 'http://127.0.0.1:1/', start: { n: 0 }, overlap: 0, pageSize: 10, timeout: '1 second',
    request: () => ({ query: {} }), items: (body: { name: string; at: number }[]) => body, advance: (cursor) => cursor,
    toEvent: ({ name, at }) => ({ id: name, bird: name, seenAt: at }),
  }),
  views: {
    'per-minute': { summary: 'By minute.', window: tumbling('1 minute'), by: ['bird'] },
    large: { summary: 'Large ones.', window: sliding('2 minutes', { every: '1 minute' }), where: above('size', 5), measures: { birds: count() } },
  },
})

describe('the windows of an event', () => {
  const shown = (event: Parameters<typeof windowsOf>[1]) => windowsOf(stream, event).map(({ view, group, start, end }) => [view.name, group, start, end])

  it('are one of a tumbling view, several of a sliding one, with the group that the event names', () => {
    expect(shown({ id: 'a', bird: 'owl', size: 6, seenAt: 119_999 })).toEqual([
      ['per-minute', ['owl'], 60_000, 120_000],
      ['large', [], 0, 120_000], ['large', [], 60_000, 180_000],
      ['_ledger', [], 0, 3_600_000],
    ])
  })

  it('are none of a view whose condition the event does not meet', () => {
    expect(shown({ id: 'a', bird: 'owl', size: 5, seenAt: 0 }).map(([view]) => view)).toEqual(['per-minute', '_ledger'])
    expect(shown({ id: 'a', bird: 'owl', seenAt: 0 }).map(([view]) => view)).toEqual(['per-minute', '_ledger'])
  })

  it.each([[0, [-60_000, 0]], [59_999, [-60_000, 0]], [60_000, [0, 60_000]], [-1, [-120_000, -60_000]]])('hold %p ms when they start at %p', (ms, starts) => {
    expect(windowStarts({ window: { kind: 'sliding', sizeMs: 120_000, slideMs: 60_000 } }, ms)).toEqual(starts)
  })
})

describe('a condition', () => {
  const event = { a: 3, s: 'x', b: false }
  it.each<[Condition, boolean]>([
    [atLeast('a', 3), true], [above('a', 3), false], [atMost('a', 3), true], [below('a', 3), false], [oneOf('s', ['x', 'y']), true], [oneOf('b', [true]), false], [present('b'), true], [present('n'), false],
    [not(present('n')), true], [above('n', 1), false], [not(above('n', 1)), false], [not(oneOf('n', ['x'])), false], [not(above('a', 5)), true],
    [every(present('a'), above('n', 1)), false], [some(present('a'), above('n', 1)), true], [not(every(present('n'), above('n', 1))), true], [not(some(present('n'), above('n', 1))), false],
  ])('%j: %p', (condition, isMet) => {
    expect(meets(condition, event)).toBe(isMet)
  })

  it('has fields', () => {
    expect(conditionFields(every(present('x'), not(some(above('n', 1), oneOf('s', ['a'])))))).toEqual(['x', 'n', 's'])
  })
})

describe('the event of a letter', () => {
  const [url, topic] = ['{"url":"http://h/","page":0,"index":1}', '{"topic":"birds.v1","partition":0,"offset":"4"}']

  it('is what toEvent makes of a record of the source, and the event itself where it lay on a topic', () => {
    expect(keptEvent(stream, { origin: url, text: '{"name":"owl","at":"1970-01-01T00:00:01Z"}' })).toEqual({ id: 'owl', bird: 'owl', seenAt: 1_000 })
    expect(keptEvent(stream, { origin: topic, text: '{"seenAt":5,"bird":"owl","id":"o"}' })).toEqual({ id: 'o', bird: 'owl', seenAt: 5 })
    expect([isFromTopic({ origin: url }), isFromTopic({ origin: topic }), isFromTopic({ origin: '' })]).toEqual([false, true, false])
  })

  it.each(['{"name":"ow', 'null', ''])('is none of %p', (text) => {
    expect(keptEvent(stream, { origin: url, text })).toBeNull()
  })
})
