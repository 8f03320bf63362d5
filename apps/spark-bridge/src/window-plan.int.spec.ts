import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { WindowRecord } from '@millrace/kafka'
import { configureLog } from '@millrace/observability'
import { waitUntil } from '@millrace/service'
import { intakeMetrics, malformedBecause, type QueryProgress, type StreamingQuery } from '@millrace/spark-connect'
import { everything } from '@millrace/spark-connect/window-plan/everything'
import { eventTopic, instantRange } from '@millrace/stream-kit'
import { Engines } from './engines.fixture.ts'

configureLog({ app: 'spec', level: 'error' })

const engines = new Engines()
afterAll(() => engines.close())

const noon = Date.parse('2024-01-01T12:00:00Z')
const most = Number.MAX_SAFE_INTEGER
const event = (values: object) => JSON.stringify({ part: 1, sort: true, at: noon, ...values })
const ended = (query: StreamingQuery) => waitUntil(async () => !(await query.status()).isActive, { deadlineMs: 90_000, what: 'the query to end' })

describe('every measure, over real Kafka and Spark', () => {
  const stream = everything(`${engines.unique}-all`)
  let batches: QueryProgress[]
  let windows: Map<string, WindowRecord & { key: string }>

  const malformed = [
    '{"id": "x", "part":', 'null', '[]', '"s"', '', '{}', '['.repeat(2_000), '{"a":'.repeat(3_000), Buffer.from([0xff, 0xfe, 0x80]),
    event({ id: 'a1', at: null }), event({ id: 'a2', at: instantRange.max + 1 }), event({ id: 'a3', at: instantRange.min - 1 }), event({ id: 'a4', at: noon + 0.5 }), event({ id: 'a5', at: '2024-01-01' }),
    event({ id: 'b1', sort: null }), event({ id: 'b2', part: '1' }), event({ id: 'b3', part: 1.5 }), event({ id: 'b4', b: 'yes' }), event({ id: 'b5', seen: instantRange.max + 1 }),
    event({ id: 'c1', n: 1.5 }), event({ id: 'c2', n: 2 ** 53 }), event({ id: 'c3', x: 'NaN' }), event({ id: 'c4' }).replace('}', ',"x":1e400}'),
  ]
  const good = [
    // Part 1: zeros, a repetition of other content, an earlier and a later event, ties in time.
    event({ id: 'a', n: 0, x: 0, s: 'z', b: false, seen: 5, u: '00000000-0000-0000-0000-000000000001' }),
    event({ id: 'b', n: 0, x: 0, s: "it's \\ \"q\"" }),
    event({ id: 'b', n: 99, x: 99, s: 'repeated' }),
    event({ id: 'c', s: 'a', b: true }),
    // Part 2: nothing but absent values.
    event({ id: 'd', part: 2 }),
    // Part 3 and 4: the extremes.
    event({ id: 'e', part: 3, n: most, x: 1.7e308 }), event({ id: 'f', part: 3, n: most, x: 1.7e308 }),
    event({ id: 'g', part: 4, n: -most, x: -1.7e308, s: '\u0000\u{1F600}"\\/]', seen: instantRange.min }),
    // Part 5 and 6: the ends of time.
    event({ id: 'h', part: 5, at: instantRange.min }), event({ id: 'i', part: 6, at: instantRange.max }),
    // Part 7: three events that can be added up.
    event({ id: 'j', part: 7, n: 2, x: 1.5, s: 'p' }), event({ id: 'k', part: 7, n: 3, x: 2.5, s: 'q' }), event({ id: 'l', part: 7, n: 5, x: -1, s: 'p' }),
    // Fields that nobody declared, and one that is declared and read by nothing.
    event({ id: 'm', part: 8, n: 1, more: { deep: [1] }, unread: 5, __proto__: 'x' }),
  ]

  beforeAll(async () => {
    await engines.makeTopics(stream)
    await engines.publish(stream, [...good.slice(0, 7), ...malformed, ...good.slice(7)])
    const query = await engines.start(stream, { generation: 3, trigger: 'once' })
    await ended(query)
    expect(await query.exception()).toBeNull()
    batches = await query.recentProgress(eventTopic(stream))
    windows = await engines.lastWindows(stream)
  })

  const sum = (of: (batch: QueryProgress) => number) => batches.filter(({ isBatch }) => isBatch).reduce((total, batch) => total + of(batch), 0)
  const of = (view: string, part?: number) => {
    const found = [...windows.values()].filter((window) => window.view === view && (part === undefined || window.group[0] === String(part)))
    if (found.length === 0) throw new Error(`No window of ${view} ${part ?? ''}. There are: ${[...windows.keys()].join(', ')}`)
    return found
  }
  const only = (part: number) => of('all', part)[0] as WindowRecord

  it('leaves out what is no event, all of it counted, and counts an event once', () => {
    expect(sum(({ inputRows }) => inputRows)).toBe(good.length + malformed.length)
    expect(sum(({ observed }) => Number(observed[intakeMetrics]?.['malformed']))).toBe(malformed.length)
    expect(sum(({ duplicates }) => duplicates)).toBe(1)
    expect(sum(({ droppedByWatermark }) => droppedByWatermark)).toBe(0)
    expect(of('_ledger').reduce((total, { events }) => total + events, 0)).toBe(good.length - 1)
  })

  it('leaves out what malformedBecause() finds again, and nothing else', () => {
    const because = malformedBecause(stream)
    expect(malformed.filter((value) => because(Buffer.from(value)) === null)).toEqual([])
    expect(good.filter((value) => because(Buffer.from(value)) !== null)).toEqual([])
  })

  it('writes keys and values as the wire has them', () => {
    expect(windows.size).toBeGreaterThan(10)
    for (const { key, view, group, start, end, generation } of windows.values()) {
      expect(key).toBe(JSON.stringify([view, JSON.stringify(group), start]))
      expect([generation, end - start]).toEqual([3, view === '_ledger' ? 3_600_000 : 60_000])
    }
    expect(only(3).group).toEqual(['3', 'true', String(noon)])
  })

  it('is right over zeros, first and last ordered by time and then by id', () => {
    expect(only(1)).toMatchObject({ events: 3 })
    expect(only(1).measures).toEqual({
      number: 3, sumInt: 0, sumReal: 0, meanInt: 0, meanReal: 0, leastInt: 0, greatestReal: 0, leastText: 'a', greatestUuid: '00000000-0000-0000-0000-000000000001', latestSeen: 5,
      firstText: 'z', lastText: 'a', firstBool: false, lastSeen: 5, texts: 3, bools: 2, medianInt: 0, highReal: 0, squares: 0, cubes: 0, mixed: -3, shifted: 14, spread: 0, move: 0,
    })
  })

  it('is absent over nothing but absent values, and counts are not', () => {
    expect(only(2).measures).toEqual({ number: 1, texts: 0, bools: 0 })
  })

  it('keeps what a row can hold of the extremes, and leaves out what it cannot', () => {
    expect(only(3).measures).toEqual({
      number: 2, meanInt: most, leastInt: most, greatestReal: 1.7e308, texts: 0, bools: 0, medianInt: most, highReal: 1.7e308, eventsPerSum: 2 / (2 * most), spread: 0, move: 0,
    })
    expect(only(4).measures).toMatchObject({ sumInt: -most, sumReal: -1.7e308, leastText: '\u0000\u{1F600}"\\/]', latestSeen: instantRange.min, shifted: -most + 7 })
    expect(only(4).measures).not.toHaveProperty('squares')
  })

  it('reaches both ends of time', () => {
    expect(only(5)).toMatchObject({ start: instantRange.min, end: instantRange.min + 60_000, events: 1 })
    expect(only(6)).toMatchObject({ start: instantRange.max - 59_999, end: instantRange.max + 1, events: 1 })
  })

  it('adds up', () => {
    expect(only(7).measures).toEqual({
      number: 3, sumInt: 10, sumReal: 3, meanInt: 10 / 3, meanReal: 1, leastInt: 2, greatestReal: 2.5, leastText: 'p', firstText: 'p', lastText: 'p',
      texts: 2, bools: 0, medianInt: 3, highReal: 2.5, squares: 38, cubes: 160, mixed: 8.5, shifted: 31, ratioOfSums: 0.3, eventsPerSum: 0.3, spread: 3, move: -2.5,
    })
  })

  it('counts in a view with a condition only what fulfils it, in each of its sliding windows', () => {
    const atNoon = of('some').filter(({ start }) => Math.abs(start - noon) < 60_000)
    expect(atNoon.map(({ start, events }) => [start - noon, events]).sort(([a = 0], [b = 0]) => a - b)).toEqual([[-40_000, 7], [-20_000, 7], [0, 7]])
  })
})

describe('the state of a query', () => {
  const stream = everything(`${engines.unique}-state`)

  it('falls when the watermark has passed its windows: the metadata of the window end does what window() would', async () => {
    await engines.makeTopics(stream)
    const minute = 60_000
    await engines.publish(stream, Array.from({ length: 120 }, (_, index) => event({ id: `e${index}`, at: noon + index * minute, x: 5 })))
    const query = await engines.start(stream)
    await query.processAllAvailable()
    const full = Math.max(...(await query.recentProgress(eventTopic(stream))).map(({ stateRows }) => stateRows))
    expect(full).toBeGreaterThan(120 + 120)
    await engines.publish(stream, [event({ id: 'later', at: noon + 24 * 60 * minute })])
    await query.processAllAvailable()
    await engines.publish(stream, [event({ id: 'last', at: noon + 24 * 60 * minute + 1 })])
    await query.processAllAvailable()
    await waitUntil(async () => ((await query.lastProgress(eventTopic(stream)))?.stateRows ?? full) < 20, { deadlineMs: 60_000, what: 'the state to fall below 20 rows' })
    await query.stop()
    const ledger = [...(await engines.lastWindows(stream)).values()].filter(({ view }) => view === '_ledger')
    expect(ledger.reduce((total, { events }) => total + events, 0)).toBe(122)
  })
})
