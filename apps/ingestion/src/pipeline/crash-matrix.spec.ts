import { describe, expect, it } from '@jest/globals'
import { configureLog } from '@millrace/observability'
import type { Counts } from '@millrace/cassandra'
import { decodeLetter } from '@millrace/kafka'
import { deadLetterTopic, eventTopic, lateTopic, MillraceError } from '@millrace/stream-kit'
import { FakeClock } from '@millrace/testing'
import { sumCounts } from '../rules/books.ts'
import { CrashPlan } from '../testing/crash.ts'
import { dies } from '../testing/dies.ts'
import { birds, sightings, type Sighting } from '../testing/sightings.ts'
import { TestBench } from '../testing/test-bench.ts'

configureLog({ app: 'spec', level: 'error' })

const clock = new FakeClock('2026-01-01T12:00:00Z')
const start = clock.now() - 3_600_000

/** Every verdict there is, over four pages of three. */
const records: Sighting[] = [
  ...birds(3, { startMs: start }),
  { seq: 4, id: 'b1', bird: 'owl', count: 0, seenAt: start },
  { seq: 5, id: 'b5', bird: 'crow', seenAt: start + 200_000 },
  { seq: 6, id: 'b6', bird: 'crow', seenAt: 'yesterday' },
  { seq: 7, id: 'b7', bird: 'owl', seenAt: start + 3_000 },
  { seq: 8, id: 'b2', bird: 'crow', count: 77, seenAt: start + 1_000 },
  { seq: 9, id: 'b9', bird: 'wren', seenAt: start + 201_000 },
  { seq: 10, id: 'b10', bird: 'wren', seenAt: clock.now() + 3_600_000 },
  { seq: 11, id: 'b11', bird: 'owl', seenAt: start + 205_000 },
]
const stream = sightings()
const overlapping = sightings({ overlap: 5 })
const expected: Counts = { fetched: 11, fresh: 7, repeated: 2, rejected: 2, published: 6, late: 1 }

function bench(): TestBench {
  const made = new TestBench(stream, clock)
  made.reader.records = records
  return made
}

/** What is on the topics, duplicates apart, and in the books. */
function effect({ topics, streams, stream, runs }: TestBench) {
  const times = topics.records(eventTopic(stream)).map(({ value }) => (JSON.parse(value.toString()) as { id: string; count?: number }))
  return {
    published: topics.ids(eventTopic(stream)).size,
    contents: new Set(times.map((event) => JSON.stringify(event))).size,
    late: topics.ids(lateTopic(stream)).size,
    dead: [...new Set(topics.records(deadLetterTopic(stream)).map((record) => decodeLetter({ ...record, headers: record.headers ?? {} }).reason))].sort(),
    letters: topics.ids(deadLetterTopic(stream)).size,
    totals: streams.rows.get('sightings.v1')?.totals,
    books: sumCounts(streams.bookRows.get('sightings.v1')?.values() ?? []),
    runs: [...runs.runs.values()].map(({ state, counts, error }) => ({ state, counts, error })),
  }
}

const whole = {
  published: 6, contents: 6, late: 1, dead: ['future', 'revised', 'schema'], letters: 3, totals: expected, books: expected,
  runs: [{ state: 'succeeded', counts: expected, error: null }],
}

describe('a run', () => {
  it('judges every record once', async () => {
    const made = bench()
    await made.enter()
    expect(await dies(made.worker(), made)).toBe(false)
    expect(effect(made)).toEqual(whole)
  })

  it('has its effect exactly once, wherever its process dies', async () => {
    let deaths = 0
    for (const moment of ['before', 'after'] as const) {
      for (let at = 1; ; at += 1) {
        const made = bench()
        await made.enter()
        const plan = new CrashPlan(at, moment)
        const died = await dies(made.worker({ plan }), made)
        if (!died) break
        deaths += 1
        expect(await dies(made.worker(), made)).toBe(false)
        expect({ died: plan.log.at(-1), at, moment, ...effect(made) }).toEqual({ died: plan.log.at(-1), at, moment, ...whole })
      }
    }
    expect(deaths).toBeGreaterThan(60)
  }, 60_000)

  it('has its effect exactly once, however often processes die one after the other', async () => {
    let seed = 7
    const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below
    for (let round = 0; round < 100; round += 1) {
      const made = bench()
      await made.enter()
      let deaths = 0
      while (await dies(made.worker({ plan: new CrashPlan(1 + random(deaths < 30 ? 20 : 1_000), random(2) === 0 ? 'before' : 'after') }), made)) deaths += 1
      expect({ round, deaths, ...effect(made) }).toEqual({ round, deaths, ...whole })
    }
  }, 60_000)

  it('has its effect exactly once, wherever something fails for a moment', async () => {
    const twice = async (plan: CrashPlan) => {
      const made = new TestBench(overlapping, clock)
      made.reader.records = records
      const worker = made.worker({ plan })
      for (const id of ['one', 'two']) {
        await made.enter(id)
        worker.refresh()
        for (let turn = 0; turn < 20 && (await made.runs.open(made.stream)).length > 0; turn += 1) await clock.advance(await worker.turn())
        expect((await made.runs.find(id))?.state).toBe('succeeded')
      }
      return effect(made)
    }
    const clean = await twice(new CrashPlan())
    expect(clean.totals).toEqual({ ...expected, fetched: 16, repeated: 7 })
    let failures = 0
    for (const moment of ['before', 'after'] as const) {
      for (let at = 1; ; at += 1) {
        const plan = new CrashPlan(at, moment, (where) => new MillraceError('hiccup', where, { retry: 'later' }))
        const had = await twice(plan)
        if (plan.calls < at) break
        failures += 1
        expect({ at, moment, failed: plan.log[at - 1], ...had }).toEqual({ at, moment, failed: plan.log[at - 1], ...clean })
      }
    }
    expect(failures).toBeGreaterThan(100)
  }, 60_000)

  it('reads again what overlaps, and counts it as repeated', async () => {
    const made = new TestBench(overlapping, clock)
    made.reader.records = records
    await made.enter()
    await dies(made.worker(), made)
    await made.enter('second')
    await dies(made.worker(), made)
    expect(effect(made)).toMatchObject({ published: 6, letters: 3, late: 1 })
    expect(made.runs.runs.get('second')).toMatchObject({ state: 'succeeded', counts: { fetched: 5, repeated: 5, fresh: 0, rejected: 0 } })
  })
})
