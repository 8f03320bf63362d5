import type { KeptDeadLetter, MappingStep, RunRedrive } from '@millrace/cassandra'
import { decodeLetter } from '@millrace/kafka'
import { configureLog } from '@millrace/observability'
import { deadLetterId } from '@millrace/stream-kit'
import { FakeClock } from '@millrace/testing'
import { describe, expect, it } from '@jest/globals'
import { sumCounts } from '../rules/books.ts'
import { CrashPlan } from '../testing/crash.ts'
import { dies } from '../testing/dies.ts'
import { RefusingTopics } from '../testing/refusing-topics.ts'
import { birds, sightings, type Sighting } from '../testing/sightings.ts'
import { TestBench } from '../testing/test-bench.ts'

configureLog({ app: 'spec', level: 'error', write: () => undefined })

const clock = new FakeClock('2026-01-01T12:00:00Z')
const start = clock.now() - 600_000
const stream = sightings({ pageSize: 100 })
const [topic, dead, lates] = ['sightings.v1', 'sightings.v1.dead-letters', 'sightings.v1.late']
const mended: readonly MappingStep[] = [{ op: 'set', path: '/count', value: 1 }]
const all: RunRedrive = { isDryRun: false, letters: null, reasons: null, range: { from: 0, to: clock.now() + 1 }, mapping: [], retriesExhausted: false }

/** Twelve birds; then four that the schema refuses: two in time, one late, one of the id of another; and the newest bird. */
const records: Sighting[] = [
  ...birds(12, { startMs: start }),
  { seq: 13, id: 'x1', bird: 'owl', count: 'many', seenAt: start + 100_000 },
  { seq: 14, id: 'x2', bird: 'owl', count: 'many', seenAt: start + 101_000 },
  { seq: 15, id: 'x3', bird: 'owl', count: 'many', seenAt: start + 1_000 },
  { seq: 16, id: 'b3', bird: 'wren', count: 'many', seenAt: start + 2_000 },
  { seq: 17, id: 'last', bird: 'owl', seenAt: start + 120_000 },
]
const first = { fetched: 17, fresh: 13, repeated: 0, rejected: 4, published: 13, late: 0 }

async function bench(): Promise<TestBench> {
  const made = new TestBench(stream, clock)
  made.reader.records = records
  await made.enter('before')
  await dies(made.worker(), made)
  made.letters.take(dead, made.topics.records(dead), clock.now())
  expect((await made.streams.read(stream)).totals).toEqual(first)
  return made
}
async function redrive(made: TestBench, change: Partial<RunRedrive> = {}, id?: string) {
  const run = await made.enter(id, null, { ...all, ...change })
  await dies(made.worker(), made)
  return await made.runs.find(run)
}
const idsOf = (made: TestBench): string[] => made.topics.records(topic).map(({ value }) => (JSON.parse(value.toString()) as { id: string }).id).sort()
const firstId = (made: TestBench): string => [...made.letters.rows.values()].map(deadLetterId)[0] ?? ''
const states = (made: TestBench) => [...made.letters.rows.values()].map(({ redriven, attempts, lastAttempt }) => [redriven?.run ?? null, attempts, lastAttempt?.reason ?? null])
const letter = (change: Partial<KeptDeadLetter>): KeptDeadLetter => ({
  day: '2026-01-01', topic: dead, partition: 0, offset: 900, key: '', eventTime: null, reason: 'schema', detail: '', origin: '{"url":"u","page":0,"index":0}', run: '', value: Buffer.alloc(0), receivedAt: clock.now(), attempts: 0, lastAttempt: null, redriven: null, ...change,
})
/** The books, the totals and the topics agree, and the cursor and watermark stand where they stood. */
async function balanced(made: TestBench, before: Awaited<ReturnType<TestBench['streams']['read']>>): Promise<void> {
  const after = await made.streams.read(stream)
  expect(sumCounts(made.streams.bookRows.get('sightings.v1')?.values() ?? [])).toEqual(after.totals)
  expect(after.totals.fetched).toBe(after.totals.fresh + after.totals.repeated + after.totals.rejected)
  expect([after.totals.published, after.totals.late]).toEqual([new Set(idsOf(made)).size, made.topics.ids(lates).size])
  const cursorOf = (cursor: string | null) => { const { run: _, ...rest } = JSON.parse(cursor ?? '{}') as Record<string, unknown>; return rest }
  expect([after.watermark, after.highest, cursorOf(after.cursor)]).toEqual([before.watermark, before.highest, cursorOf(before.cursor)])
}

describe('a redrive with a mapping', () => {
  it('counts what it makes events of, exactly once; the letters say so, and are not taken again', async () => {
    const made = await bench()
    const before = await made.streams.read(stream)
    const run = await redrive(made, { mapping: mended }, 'r1')
    expect(run).toMatchObject({ state: 'succeeded', counts: { fetched: 4, fresh: 3, repeated: 1, rejected: 0, published: 2, late: 1 }, report: { outcomes: { published: 2, late: 1, revised: 1 } } })
    expect(run?.report?.examples[0]).toEqual({ letter: firstId(made), outcome: 'published', detail: `the event is of ${new Date(start + 100_000).toISOString()}` })
    expect(idsOf(made).filter((id) => id.startsWith('x'))).toEqual(['x1', 'x2'])
    expect(made.topics.records(topic).at(-1)?.headers).toMatchObject({ run: 'r1' })
    expect(states(made)).toEqual([['r1', 0, null], ['r1', 0, null], ['r1', 0, null], [null, 1, 'revised']])
    expect(made.topics.records(lates).map((record) => decodeLetter({ ...record, headers: record.headers ?? {} }))).toMatchObject([{ reason: 'redrive', run: 'r1', value: Buffer.from(JSON.stringify({ ...records[14], count: 1 })) }])
    await balanced(made, before)
    expect(await redrive(made, { mapping: mended, reasons: ['schema'] })).toMatchObject({ report: { outcomes: { revised: 1 } } })
    expect(await redrive(made, { mapping: mended, letters: [...made.letters.rows.values()].slice(0, 1) })).toMatchObject({ counts: { fetched: 0 }, report: { outcomes: { redriven: 1 } } })
    expect(made.topics.records(dead)).toHaveLength(4)
    await balanced(made, before)
  })

  it('that is dry says what would be judged how, and changes nothing', async () => {
    const made = await bench()
    const before = [await made.streams.read(stream), made.topics.sends.length, states(made), made.pages.writes]
    const run = await redrive(made, { mapping: mended, isDryRun: true })
    expect(run).toMatchObject({ state: 'succeeded', counts: { fetched: 0 }, report: { outcomes: { published: 2, late: 1, revised: 1 } } })
    const { leaseUntil: _, epoch: __, owner: ___, ...after } = await made.streams.read(stream)
    expect(before[0]).toMatchObject(after)
    expect([made.topics.sends.length, states(made), made.pages.writes]).toEqual(before.slice(1))
    expect(await redrive(made, { mapping: mended })).toMatchObject({ report: { outcomes: { published: 2, late: 1, revised: 1 } } })
  })

  it('goes on where it was after a crash at any call: nothing is lost, nothing doubled', async () => {
    const judge = new CrashPlan()
    const plain = await bench()
    await plain.enter('r', null, { ...all, mapping: mended })
    plain.letters.most = 3
    await dies(plain.worker({ plan: judge }), plain)
    expect(judge.calls).toBeGreaterThan(15)
    for (let at = 1; at <= judge.calls; at += 1) {
      for (const moment of ['before', 'after'] as const) {
        const made = await bench()
        const before = await made.streams.read(stream)
        await made.enter('r', null, { ...all, mapping: mended })
        made.letters.most = 3
        const plan = new CrashPlan(at, moment)
        const hasDied = await dies(made.worker({ plan }), made)
        await dies(made.worker(), made)
        const where = `${moment} call ${at} of ${judge.calls}, ${plan.log.at(-1) ?? ''}`
        expect([where, hasDied, (await made.runs.find('r'))?.state, (await made.runs.find('r'))?.counts, (await made.runs.find('r'))?.report?.outcomes]).toEqual([where, true, 'succeeded', { fetched: 4, fresh: 3, repeated: 1, rejected: 0, published: 2, late: 1 }, { published: 2, late: 1, revised: 1 }])
        expect([where, states(made)]).toEqual([where, [['r', 0, null], ['r', 0, null], ['r', 0, null], [null, 1, 'revised']]])
        await balanced(made, before)
      }
    }
  }, 60_000)
})

describe('a redrive', () => {
  it('after the declaration was mended counts what it then reads', async () => {
    const made = await bench()
    made.stream = { ...stream, source: { ...stream.source, toEvent: (value) => ({ ...stream.source.toEvent(value) as Record<string, never>, count: 0 }) } }
    const before = await made.streams.read(stream)
    expect(await redrive(made)).toMatchObject({ report: { outcomes: { published: 2, late: 1, revised: 1 } } })
    await balanced(made, before)
    made.reader.records = [...records, { seq: 18, id: 'later', bird: 'owl', seenAt: start + 130_000 }, ...records.slice(12, 15).map((record, at) => ({ ...record, seq: 19 + at }))]
    await made.enter()
    await dies(made.worker(), made)
    expect((await made.streams.read(stream)).totals).toMatchObject({ published: 16, repeated: 4, late: 1 })
  })

  it('of letters that fail again says how often, makes no new letters, and leaves them alone after three times, unless asked', async () => {
    const made = await bench()
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      expect(await redrive(made)).toMatchObject({ counts: { fetched: 4, rejected: 4 }, report: { outcomes: { rejected: 4 } } })
      expect(states(made)).toEqual(Array.from({ length: 4 }, () => [null, attempt, 'schema']))
    }
    expect(await redrive(made)).toMatchObject({ counts: { fetched: 0 }, report: { outcomes: { exhausted: 4 } } })
    expect(await redrive(made, { retriesExhausted: true, mapping: mended })).toMatchObject({ report: { outcomes: { published: 2, late: 1, revised: 1 } } })
    expect(await redrive(made, { letters: [...made.letters.rows.values()].slice(3) })).toMatchObject({ report: { outcomes: { rejected: 1 } } })
    expect(made.topics.records(dead)).toHaveLength(4)
  })

  it('leaves alone what is ahead of every event, is no record, is kept in part, or is not there', async () => {
    const made = await bench()
    made.letters.rows.clear()
    const bird = (id: string, seenAt: number) => Buffer.from(JSON.stringify({ seq: 1, id, bird: 'owl', count: 1, seenAt }))
    const [ahead, page, window, cut, gone] = [
      letter({ offset: 1, value: bird('y1', start + 120_001) }), letter({ offset: 2, reason: 'page-unreadable', value: Buffer.from('<html>') }), letter({ offset: 3, reason: 'window-refused' }),
      letter({ offset: 4, detail: '/x must be y (the first 262144 of 300000 bytes are kept)', value: Buffer.from('{"a') }), letter({ offset: 5 }),
    ]
    for (const one of [ahead, page, window, cut]) made.letters.add(one)
    const before = await made.streams.read(stream)
    expect(await redrive(made, { letters: [ahead, page, window, cut, gone] })).toMatchObject({ counts: { fetched: 0 }, report: { outcomes: { ahead: 1, 'not-a-record': 2, cut: 1, missing: 1 } } })
    expect(states(made)).toEqual(Array.from({ length: 4 }, () => [null, 0, null]))
    await balanced(made, before)
  })

  it('takes what lay on a topic for an event as it travels, and tries revisions only where they are named', async () => {
    const made = await bench()
    made.letters.rows.clear()
    const origin = '{"topic":"sightings.v1","partition":1,"offset":"7"}'
    made.letters.add(letter({ offset: 7, topic, origin, reason: 'malformed', value: Buffer.from(JSON.stringify({ id: 'z1', bird: 'owl', count: 'x', seenAt: start + 110_000 })) }))
    made.letters.add(letter({ offset: 8, topic, origin, reason: 'malformed', value: Buffer.from('{"id') }))
    made.letters.add(letter({ offset: 9, reason: 'revised', value: Buffer.from(JSON.stringify({ seq: 1, id: 'b1', bird: 'crow', seenAt: start })) }))
    expect(await redrive(made, { mapping: [{ op: 'remove', path: '/count' }] })).toMatchObject({ counts: { fetched: 2, published: 1, rejected: 1 }, report: { outcomes: { published: 1, rejected: 1 } } })
    expect(await redrive(made, { reasons: ['revised'], mapping: [{ op: 'set', path: '/id', value: 'b1-again' }] })).toMatchObject({ report: { outcomes: { late: 1 } } })
  })

  it('publishes what Kafka has refused before, and of what it refuses again keeps the letter that there is', async () => {
    const made = new TestBench(stream, clock)
    const topics = new RefusingTopics()
    topics.mostBytes = 1_000
    made.reader.records = [...birds(3, { startMs: start }), { seq: 4, id: 'big', bird: 'b'.repeat(1_200), seenAt: start + 1_500 }]
    await made.enter()
    await dies(made.worker({ writer: topics }), made)
    made.letters.add(letter({ reason: 'publish-refused', origin: '{"topic":"sightings.v1","id":"i"}', value: Buffer.from(JSON.stringify({ id: 'big', bird: 'b'.repeat(1_200), seenAt: start + 1_500 })) }))
    const again = async () => {
      await made.enter(undefined, null, all)
      await dies(made.worker({ writer: topics }), made)
    }
    await again()
    expect([states(made), topics.records(dead).length, (await made.streams.read(stream)).totals]).toEqual([[[null, 1, 'publish-refused']], 1, { fetched: 5, fresh: 3, repeated: 0, rejected: 2, published: 3, late: 0 }])
    topics.mostBytes = 2_000
    await again()
    expect([states(made)[0]?.[1], topics.ids(topic).size, (await made.streams.read(stream)).totals]).toEqual([1, 4, { fetched: 6, fresh: 4, repeated: 0, rejected: 2, published: 4, late: 0 }])
    expect(sumCounts(made.streams.bookRows.get('sightings.v1')?.values() ?? [])).toEqual((await made.streams.read(stream)).totals)
  })
})
