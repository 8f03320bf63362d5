import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { WindowRecord } from '@millrace/kafka'
import { configureLog } from '@millrace/observability'
import { waitUntil } from '@millrace/service'
import { SparkSession, type RecountedWindow } from '@millrace/spark-connect'
import { everything } from '@millrace/spark-connect/window-plan/everything'
import { eventTopic, instantRange } from '@millrace/stream-kit'
import { Engines } from '../engines.fixture.ts'
import { offsetsOf } from '../supervise/offsets.ts'
import { SparkWindowCounter } from './spark-window-counter.ts'

configureLog({ app: 'spec', level: 'error' })

const engines = new Engines()
const counter = new SparkWindowCounter(SparkSession.open(engines.spark, { name: `${engines.unique}-recounts` }), { brokers: engines.spark.kafkaBrokers, tasks: 1 })
const stream = everything(`${engines.unique}-recounted`)
const noon = Date.parse('2024-01-01T12:00:00Z')
const most = Number.MAX_SAFE_INTEGER
const event = (values: object) => JSON.stringify({ part: 1, sort: true, at: noon, ...values })
const everywhere = { from: -1e15, to: 1e15 }

/** As `window-plan.int.spec.ts` has them: zeros, absent values, repetitions, what is no event, extremes, the ends of time. */
const values = [
  event({ id: 'a', n: 0, x: 0, s: 'z', b: false, seen: 5, u: '00000000-0000-0000-0000-000000000001' }), event({ id: 'b', n: 0, x: 0, s: "it's \\ \"q\"" }), event({ id: 'b', n: 99, x: 99, s: 'repeated' }),
  event({ id: 'c', s: 'a', b: true }), event({ id: 'd', part: 2 }), event({ id: 'e', part: 3, n: most, x: 1.7e308 }), event({ id: 'f', part: 3, n: most, x: 1.7e308 }),
  '{"id": "x", "part":', 'null', '', event({ id: 'b1', sort: null }), event({ id: 'c1', n: 1.5 }), event({ id: 'a1', at: null }),
  event({ id: 'g', part: 4, n: -most, x: -1.7e308, s: '\u0000\u{1F600}"\\/]', seen: instantRange.min }), event({ id: 'h', part: 5, at: instantRange.min }), event({ id: 'i', part: 6, at: instantRange.max }),
  ...Array.from({ length: 200 }, (_, index) => event({ id: `n${index}`, part: 7, n: index % 7, x: Math.sin(index), s: `s${index % 13}`, at: noon + ((index * 37) % 200) * 1_000 })),
]

async function recount(range: { from: number; to: number }, names = stream.views.map(({ name }) => name)): Promise<Map<string, RecountedWindow>> {
  const topic = eventTopic(stream)
  const offsets = { begins: offsetsOf(await engines.admin.beginningOffsets(topic)), ends: offsetsOf(await engines.admin.endOffsets(topic)) }
  const found = new Map<string, RecountedWindow>()
  for (const view of stream.views.filter(({ name }) => names.includes(name)))
    for await (const window of counter.windows(stream, view, { ...offsets, ...range })) found.set(JSON.stringify([view.name, JSON.stringify(window.group), window.start]), window)
  return found
}

let streamed: Map<string, WindowRecord & { key: string }>
beforeAll(async () => {
  await engines.makeTopics(stream)
  await engines.publish(stream, values)
  const query = await engines.start(stream, { trigger: 'once' })
  await waitUntil(async () => !(await query.status()).isActive, { deadlineMs: 90_000, what: 'the query to end' })
  expect(await query.exception()).toBeNull()
  streamed = new Map([...(await engines.lastWindows(stream)).values()].map((window) => [window.key, window]))
})
afterAll(async () => {
  counter.close()
  await engines.close()
})

describe('a recount on Spark', () => {
  it('finds the windows of the stream, each value the same', async () => {
    const found = await recount(everywhere)
    expect([...found.keys()].sort()).toEqual([...streamed.keys()].sort())
    for (const [key, { group, start, end, events, measures }] of found) {
      const itsMeasures = streamed.get(key)?.measures ?? {}
      expect(streamed.get(key)).toMatchObject({ key, group, start, end, events })
      expect([key, Object.keys(measures)]).toEqual([key, Object.keys(itsMeasures)])
      for (const [name, value] of Object.entries(itsMeasures))
        if (typeof value === 'number') expect(measures[name]).toBeCloseTo(value, 9)
        else expect(measures[name]).toBe(value)
    }
  })

  it('gives the windows oldest first, and says what a value may differ by', async () => {
    const ledger = [...(await recount(everywhere, ['_ledger'])).values()]
    expect(ledger.map(({ start }) => start)).toEqual(ledger.map(({ start }) => start).sort((a, b) => a - b))
    const sevens = [...(await recount(everywhere, ['all'])).values()].find(({ group, measures }) => group[0] === '7' && measures['sumInt'] === 5)
    expect(sevens?.ranks['medianInt']).toHaveLength(2)
    expect(Object.keys(sevens?.magnitudes ?? {})).toEqual(['sumReal', 'meanInt', 'meanReal', 'mixed', 'ratioOfSums', 'eventsPerSum', 'move'])
    expect(Math.abs((sevens?.appendedAt ?? 0) - Date.now())).toBeLessThan(600_000)
  })

  it('counts only windows that lie wholly in the range', async () => {
    const inside = await recount({ from: noon + 1, to: noon + 120_000 }, ['all', 'some'])
    const expected = [...streamed].filter(([, { view, start, end }]) => view !== '_ledger' && start > noon && end <= noon + 120_000)
    expect(expected.length).toBeGreaterThan(10)
    expect([...inside.keys()].sort()).toEqual(expected.map(([key]) => key).sort())
    for (const [key, { events }] of expected) expect(inside.get(key)?.events).toBe(events)
  })
})
