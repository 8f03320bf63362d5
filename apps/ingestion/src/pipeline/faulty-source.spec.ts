import { afterEach, expect, it } from '@jest/globals'
import { configureLog } from '@millrace/observability'
import { waitUntil } from '@millrace/service'
import { deadLetterTopic, eventTopic, lateTopic, type StreamDeclaration } from '@millrace/stream-kit'
import { trades } from '@millrace/streams'
import { FakeClock, testKeys } from '@millrace/testing'
import { sumCounts } from '../rules/books.ts'
import { HttpSourceReader } from '../source/http-source-reader.ts'
import { SourceCircuit } from '../source/source-circuit.ts'
import { startSimulator, type SimulatorProcess } from '../testing/simulator-process.ts'
import { TestBench } from '../testing/test-bench.ts'

configureLog({ app: 'spec', level: 'error', write: () => undefined })

/** Every fault that there is. */
const faults = {
  tooManyRequests: 0.04, serverError: 0.04, unavailable: 0.04, htmlError: 0.04, redirectLoop: 0.04, gzipBomb: 0.03, endlessBody: 0.03, reset: 0.04, cutJson: 0.04, slowBody: 0.03,
  duplicate: 0.03, duplicateAcross: 0.03, late: 0.03, brokenRecord: 0.03, renamedField: 0.01, extraField: 0.03, reorder: 0.3, rowsInserted: 0.2, rowsDeleted: 0.1,
}

const quietPolls = 5

let simulator: SimulatorProcess | undefined
let http: HttpSourceReader | undefined

afterEach(async () => {
  await http?.close()
  await simulator?.stop()
})

async function start(seed: number) {
  simulator = await startSimulator(testKeys())
  const { host, control, state } = simulator
  await control({ trades: { rate: 10_000, stopAfter: 6_000, duplicateShare: 0.05, disorderMs: 30_000 } })
  await waitUntil(async () => (await state()).trades.rate === 0, { deadlineMs: 30_000, what: 'the trades' })
  await control({ faults: { seed, trades: faults } })
  http = new HttpSourceReader({ hosts: [host], allowLoopback: true, allowPrivate: false })
  const stream: StreamDeclaration = { ...trades, source: { ...trades.source, url: `http://${host}/v1/trades`, pageSize: 100 } }
  const clock = new FakeClock(Date.now())
  const bench = new TestBench(stream, clock)
  return { stream, clock, bench, worker: bench.worker({ reader: new SourceCircuit(http, clock) }), simulator }
}

it.each([1, 2, 3])('everything good is published or late once, everything broken a dead letter once, through all faults of seed %i', async (seed) => {
  const { stream, clock, bench, worker, simulator: { state, truth } } = await start(seed)
  let quiet = 0
  for (let turn = 0, before = ''; turn < 1_000 && quiet < quietPolls; turn += 1) {
    await clock.advance(await worker.turn())
    worker.poll()
    const now = JSON.stringify([bench.topics.sends.length, bench.streams.rows.get('trades.v1')?.cursor])
    quiet = now === before && (await state()).faults.held.trades === 0 ? quiet + 1 : 0
    before = now
  }
  expect(quiet).toBe(quietPolls)
  await worker.stop()

  const [good, broken] = [await truth('good'), await truth('broken')]
  const idsOn = (topic: string): string[] => bench.topics.records(topic).map(({ value }) => (JSON.parse(value.toString()) as { id: string }).id)
  const [published, late] = [idsOn(eventTopic(stream)), idsOn(lateTopic(stream))]
  expect(good.length).toBeGreaterThan(5_000)
  expect([...published, ...late].sort()).toEqual(good.map(({ id }) => String(id)).sort())
  expect(late.length).toBeGreaterThan(0)

  const kept = bench.topics.records(deadLetterTopic(stream))
  // Of what was no page, its first bytes once an hour: it was asked for again until it came.
  expect(kept.filter(({ headers }) => headers?.['reason'] === 'page-unreadable')).toHaveLength(1)
  const letters = kept.filter(({ headers }) => headers?.['reason'] !== 'page-unreadable')
  expect(letters.map(({ value }) => value.toString('base64')).sort()).toEqual(broken.map(({ bytes }) => String(bytes)).sort())
  expect(new Set(letters.map(({ headers }) => headers?.['reason']))).toEqual(new Set(['encoding', 'schema', 'future']))

  const { totals } = bench.streams.rows.get('trades.v1') ?? {}
  expect(totals).toMatchObject({ fresh: good.length, published: published.length, late: late.length, rejected: broken.length })
  expect(totals?.fetched).toBe(good.length + broken.length + (totals?.repeated ?? Number.NaN))
  expect(sumCounts(bench.streams.bookRows.get('trades.v1')?.values() ?? [])).toEqual(totals)

  const times = Object.entries((await state()).faults.trades)
  expect(times.filter(([, { times: happened }]) => happened === 0).map(([fault]) => fault)).toEqual([])
}, 120_000)
