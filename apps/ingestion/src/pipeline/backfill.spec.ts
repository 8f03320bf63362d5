import { describe, expect, it } from '@jest/globals'
import { configureLog } from '@millrace/observability'
import { noCounts, type RunRange } from '@millrace/cassandra'
import { decodeLetter } from '@millrace/kafka'
import { deadLetterTopic, eventTopic, lateTopic } from '@millrace/stream-kit'
import { FakeClock } from '@millrace/testing'
import { sumCounts } from '../rules/books.ts'
import { CrashPlan } from '../testing/crash.ts'
import { dies } from '../testing/dies.ts'
import { birds, sightings, type Sighting } from '../testing/sightings.ts'
import { TestBench } from '../testing/test-bench.ts'

configureLog({ app: 'spec', level: 'error' })

const clock = new FakeClock('2026-01-01T12:00:00Z')
const start = clock.now() - 3_600_000
const stream = sightings()

/** What the cursor has found: twelve birds a second apart, and one that moves the watermark ten minutes on. */
const pulled: Sighting[] = [...birds(12, { startMs: start }), { seq: 13, id: 'last', bird: 'owl', seenAt: start + 600_000 }]
/** What the source tells now of the same time: more than it did then, by numbers that the cursor has passed. */
const found: Sighting[] = [
  { seq: 1, id: 'new1', bird: 'owl', seenAt: start + 500 },
  { seq: 1, id: 'b1', bird: 'owl', count: 77, seenAt: start },
  { seq: 1, id: 'bad', bird: 'owl', seenAt: 'long ago' },
  { seq: 1, id: 'new2', bird: 'crow', seenAt: start + 9_500 },
  { seq: 1, id: 'outside', bird: 'crow', seenAt: start + 10_000 },
]
const range: RunRange = { from: start, to: start + 10_000 }
const expected = { fetched: 14, fresh: 2, repeated: 11, rejected: 1, published: 0, late: 2 }

async function bench(): Promise<TestBench> {
  const made = new TestBench(stream, clock)
  made.reader.records = pulled
  await made.enter('before')
  await dies(made.worker(), made)
  made.reader.records = [...pulled.slice(0, 5), ...found, ...pulled.slice(5)]
  made.reader.reads = []
  return made
}

const lettersOn = ({ topics }: TestBench, topic: string) => [...new Map(topics.records(topic).map((record) => [record.key.toString(), decodeLetter({ ...record, headers: record.headers ?? {} })])).values()]

/** What a backfill has done, duplicates apart. */
function effect(made: TestBench) {
  const { topics, streams, runs } = made
  const row = streams.rows.get('sightings.v1')
  const { cursor, page, greatest } = JSON.parse(row?.cursor ?? '{}') as Record<string, unknown>
  return {
    published: topics.ids(eventTopic(stream)).size,
    late: lettersOn(made, lateTopic(stream)).map(({ reason, value }) => `${reason} ${(JSON.parse(value.toString()) as Sighting).id}`),
    dead: lettersOn(made, deadLetterTopic(stream)).map(({ reason }) => reason).sort(),
    place: { cursor, page, greatest, watermark: row?.watermark, highest: row?.highest },
    totals: row?.totals,
    books: sumCounts(streams.bookRows.get('sightings.v1')?.values() ?? []),
    run: runs.runs.get('backfill'),
  }
}

const before = { ...noCounts, fetched: 13, fresh: 13, published: 13 }
const totals = { fetched: 27, fresh: 15, repeated: 11, rejected: 1, published: 13, late: 2 }
const whole = {
  published: 13, late: ['backfill new1', 'backfill new2'], dead: ['revised', 'schema'],
  place: { cursor: { seq: 13 }, page: 0, greatest: { seq: 13 }, watermark: start + 540_000, highest: start + 600_000 },
  totals, books: totals,
}

describe('a backfill', () => {
  it('keeps what is new as late, counts what was seen as repeated, and moves neither cursor nor watermark', async () => {
    const made = await bench()
    expect(effect(made)).toMatchObject({ place: whole.place, totals: before })
    await made.enter('backfill', range)
    expect(await dies(made.worker(), made)).toBe(false)
    const { run, ...rest } = effect(made)
    expect(rest).toEqual(whole)
    expect(run).toMatchObject({ state: 'succeeded', counts: expected, error: null })
    expect(lettersOn(made, lateTopic(stream))[0]).toMatchObject({ detail: expect.stringMatching(/found by a backfill from .* to /), run: 'backfill', eventTime: start + 500 })
  })

  it('leaves alone what a source gives beside the range, so that the cursor may find it', async () => {
    const made = await bench()
    made.reader.ignoresRange = true
    made.reader.records = [...made.reader.records, { seq: 14, id: 'next', bird: 'owl', seenAt: start + 601_000 }]
    await made.enter('backfill', range)
    await dies(made.worker(), made)
    const { run, ...rest } = effect(made)
    expect([run?.counts, rest]).toEqual([expected, whole])
    await made.enter('after')
    await dies(made.worker(), made)
    expect(made.topics.ids(eventTopic(stream)).size).toBe(14)
    expect(made.runs.runs.get('after')?.counts).toEqual({ ...noCounts, fetched: 1, fresh: 1, published: 1 })
  })

  it('repeats everything when it is done again', async () => {
    const made = await bench()
    for (const id of ['backfill', 'again']) {
      await made.enter(id, range)
      await dies(made.worker(), made)
    }
    expect(made.runs.runs.get('again')?.counts).toEqual({ ...noCounts, fetched: 14, repeated: 14 })
    expect(effect(made).late).toEqual(whole.late)
  })

  it('has its effect exactly once, wherever its process dies, and goes on at its page', async () => {
    let [deaths, resumed] = [0, 0]
    for (const moment of ['before', 'after'] as const) {
      for (let at = 1; ; at += 1) {
        const made = await bench()
        await made.enter('backfill', range)
        const plan = new CrashPlan(at, moment)
        if (!(await dies(made.worker({ plan }), made))) break
        deaths += 1
        made.reader.reads = []
        expect(await dies(made.worker(), made)).toBe(false)
        if ((made.reader.reads[0]?.page ?? 0) > 0) resumed += 1
        const { run, ...rest } = effect(made)
        const where = { died: plan.log.at(-1), at, moment }
        expect({ ...where, ...rest, counts: run?.counts }).toEqual({ ...where, ...whole, counts: expected })
      }
    }
    expect([deaths > 30, resumed > 5]).toEqual([true, true])
  }, 60_000)

  it('goes on at its page, and counts once, though everything repeats and each page takes seconds', async () => {
    let resumed = 0
    for (let at = 1; ; at += 1) {
      const made = await bench()
      made.reader.records = birds(10, { startMs: start })
      const read = made.reader.read.bind(made.reader)
      made.reader.read = async (...args) => {
        await clock.advance(6_000)
        return read(...args)
      }
      await made.enter('backfill', range)
      if (!(await dies(made.worker({ plan: new CrashPlan(at) }), made))) break
      made.reader.reads = []
      await dies(made.worker(), made)
      if ((made.reader.reads[0]?.page ?? 0) > 0) resumed += 1
      expect([at, made.runs.runs.get('backfill')?.counts]).toEqual([at, { ...noCounts, fetched: 10, repeated: 10 }])
    }
    expect(resumed).toBeGreaterThan(5)
  }, 60_000)
})
