import { configureLog } from '@millrace/observability'
import { describe, expect, it } from '@jest/globals'
import { MillraceError } from '@millrace/stream-kit'
import { FakeClock } from '@millrace/testing'
import { sumCounts } from '../rules/books.ts'
import { Crash, CrashPlan } from '../testing/crash.ts'
import { dies } from '../testing/dies.ts'
import { RefusingTopics } from '../testing/refusing-topics.ts'
import { birds, sightings, type Sighting } from '../testing/sightings.ts'
import { TestBench } from '../testing/test-bench.ts'

configureLog({ app: 'spec', level: 'error', write: () => undefined })

const clock = new FakeClock('2026-01-01T12:00:00Z')
const start = clock.now() - 3_600_000
const stream = sightings()
const [topic, key] = ['sightings.v1', 'sightings.v1']

/** Pages of three with every verdict, and a bird that comes when the topic is another one. */
const first: Sighting[] = [...birds(8, { startMs: start }), { seq: 9, id: 'b1', bird: 'owl', count: 0, seenAt: start }, { seq: 10, id: 'x', bird: 'crow', seenAt: 'yesterday' }, ...birds(3, { startMs: start + 200_000, from: 11 }), { seq: 14, id: 'old', bird: 'owl', seenAt: start + 1_000 }]
const later: Sighting[] = birds(4, { startMs: start + 210_000, from: 15 })
const published = 15

/** Everything of `first` is published, the topic is another one, and the run that notices has failed with a page in hand. */
async function lost(make = new TestBench(stream, clock)): Promise<TestBench> {
  make.reader.records = first
  await make.enter()
  await dies(make.worker(), make)
  make.topics.replace(topic)
  make.reader.records = [...first, ...later]
  await make.enter('notices')
  await dies(make.worker(), make)
  expect(make.runs.runs.get('notices')?.error?.code).toBe('topic_replaced')
  return make
}

const timesOn = ({ topics }: TestBench): number[] => topics.records(topic).map(({ value }) => (JSON.parse(value.toString()) as { seenAt: number }).seenAt)

/** What must hold when the stream goes on, whatever has happened in between. */
async function whole(made: TestBench): Promise<object> {
  await made.enter('last')
  await dies(made.worker(), made)
  const state = await made.streams.read(stream)
  const times = timesOn(made)
  const highest = times.map((_, at) => Math.max(...times.slice(0, at + 1)))
  return {
    events: made.topics.ids(topic).size,
    /** Spark takes no event of the log for late. */
    inOrder: times.every((time, at) => time >= (highest[at] ?? 0) - stream.latenessMs),
    published: state.totals.published,
    balanced: JSON.stringify(sumCounts(made.streams.bookRows.get(key)?.values() ?? [])) === JSON.stringify(state.totals),
    offsets: Object.fromEntries(Object.entries(await made.topics.endOffsets(topic)).map(([partition, end]) => [partition, Number(end) >= Number(state.publishedOffsets[partition] ?? 0)])),
    topic: { incarnation: state.topic.incarnation, isReplaced: state.topic.isReplaced, floor: state.topic.floor },
  }
}
const asIfNothing = { events: published, inOrder: true, published, balanced: true, offsets: { 0: true, 1: true }, topic: { incarnation: 1, isReplaced: false, floor: null } }

describe('a restore', () => {
  it('puts every event back, each once, in the order of before, and the stream goes on', async () => {
    const made = await lost()
    const before = await made.streams.read(stream)
    const id = await made.askRestore()
    await dies(made.worker(), made)
    expect(made.runs.runs.get(id)).toMatchObject({ state: 'succeeded', error: null, restore: { events: 11, missing: 0, floor: null } })
    const after = await made.streams.read(stream)
    expect({ ...after, epoch: 0, owner: '', leaseUntil: 0, topic: null, publishedOffsets: null }).toEqual({ ...before, epoch: 0, owner: '', leaseUntil: 0, topic: null, publishedOffsets: null })
    expect(made.topics.records(topic)).toHaveLength(11)
    expect(await whole(made)).toEqual(asIfNothing)
    expect(made.topics.records(topic)).toHaveLength(published)
  })

  it('says where the restored events begin: what a topic had before them is no part of it', async () => {
    const made = await lost()
    await made.topics.send({ topic, messages: Array.from({ length: 5 }, (_, at) => ({ key: Buffer.from(`k${at}`), value: Buffer.from('{}') })) })
    const begins = Object.fromEntries(Object.entries(await made.topics.endOffsets(topic)).map(([partition, end]) => [partition, Number(end)]))
    await made.askRestore()
    await dies(made.worker(), made)
    expect((await made.streams.read(stream)).topic.begins).toEqual(begins)
    expect(await whole(made)).toEqual(asIfNothing)
  })

  it('has its effect, wherever its process dies', async () => {
    let deaths = 0
    for (const moment of ['before', 'after'] as const) {
      for (let at = 1; ; at += 1) {
        const made = await lost()
        const id = await made.askRestore()
        const plan = new CrashPlan(at, moment)
        if (!(await dies(made.worker({ plan }), made))) break
        deaths += 1
        await dies(made.worker(), made)
        expect({ at, moment, died: plan.log.at(-1), run: made.runs.runs.get(id)?.state, ...(await whole(made)) }).toEqual({ at, moment, died: plan.log.at(-1), run: 'succeeded', ...asIfNothing })
      }
    }
    expect(deaths).toBeGreaterThan(50)
  }, 60_000)

  it('has its effect, however often processes die and topics go', async () => {
    let seed = 11
    const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below
    for (let round = 0; round < 60; round += 1) {
      const made = await lost()
      for (let deaths = 0; ; deaths += 1) {
        if ((await made.runs.open(stream)).every(({ restore }) => !restore)) await made.askRestore()
        if (!(await dies(made.worker({ plan: new CrashPlan(1 + random(deaths < 20 ? 40 : 10_000), random(2) === 0 ? 'before' : 'after') }), made))) break
        if (deaths < 15 && random(3) === 0) made.topics.replace(topic)
      }
      // Only an event that comes afterwards shows that the topic has gone once more.
      made.reader.records = [...made.reader.records, { seq: 19, id: 'newest', bird: 'owl', seenAt: start + 220_000 }]
      do {
        if ((await made.streams.read(stream)).topic.isReplaced) await made.askRestore()
        else await made.enter()
        await dies(made.worker(), made)
      } while ((await made.streams.read(stream)).topic.isReplaced)
      const found = await whole(made)
      expect({ round, ...found, topic: null }).toEqual({ round, ...asIfNothing, events: published + 1, published: published + 1, topic: null })
    }
  }, 60_000)

  it('begins again, empty, where somebody else has written between its events', async () => {
    const made = await lost()
    const id = await made.askRestore()
    let sends = 0
    const worker = made.worker({ writer: { send: async (send) => {
      if (send.topic === topic && (sends += 1) === 2) await made.topics.send({ topic, messages: later.map((bird) => ({ key: Buffer.from(bird.bird), value: Buffer.from(JSON.stringify(bird)), headers: { ce_id: bird.id } })) })
      return await made.topics.send(send)
    } } })
    for (let turn = 0; turn < 10 && made.runs.runs.get(id)?.state !== 'succeeded'; turn += 1) await clock.advance(await worker.turn())
    expect(made.runs.runs.get(id)?.state).toBe('succeeded')
    expect(await whole(made)).toEqual(asIfNothing)
  })

  it('waits until the topic is there', async () => {
    const made = await lost()
    const id = await made.askRestore()
    let failures = 2
    const worker = made.worker({ writer: { send: (send) => (failures-- > 0 ? Promise.reject(new MillraceError('kafka_topic_missing', 'gone', { retry: 'later' })) : made.topics.send(send)) } })
    for (let turn = 0; turn < 10 && made.runs.runs.get(id)?.state !== 'succeeded'; turn += 1) await clock.advance(await worker.turn())
    expect(await whole(made)).toEqual(asIfNothing)
  })

  it('says what is kept no more, and from which window start on nothing is missing', async () => {
    const made = await lost()
    const oldest = (await made.kept.list(stream, 99)).slice(0, 2)
    for (const { seq } of oldest.slice(0, 1)) made.kept.rows.delete(`${key} ${seq}`)
    const gone = oldest[0]?.events ?? 0
    const id = await made.askRestore()
    await dies(made.worker(), made)
    const floor = (oldest[1]?.highest ?? 0) + 1
    expect(made.runs.runs.get(id)).toMatchObject({ state: 'succeeded', restore: { events: 11 - gone, missing: gone, floor } })
    expect(floor).toBe(start + 2_001)
    expect(await whole(made)).toMatchObject({ events: published - gone, published, inOrder: true, topic: { floor } })
  })

  it('takes nothing from before a gap: windows there could not be told from whole ones', async () => {
    const made = await lost()
    const pages = await made.kept.list(stream, 99)
    made.kept.rows.delete(`${key} ${pages[1]?.seq ?? 0}`)
    await made.askRestore('gap')
    await dies(made.worker(), made)
    expect(made.runs.runs.get('gap')?.restore).toMatchObject({ missing: (pages[0]?.events ?? 0) + (pages[1]?.events ?? 0), floor: (pages[2]?.highest ?? 0) + 1 })
  })

  it('without anything kept lets the stream go on, and says that all before is missing', async () => {
    const made = await lost()
    made.kept.rows.clear()
    await made.askRestore('empty')
    await dies(made.worker(), made)
    expect(made.runs.runs.get('empty')?.restore).toEqual({ pages: 0, events: 0, missing: 11, floor: start + 202_001 })
    expect(await whole(made)).toMatchObject({ events: 4, published })
  })

  it('of a topic that is whole fails and touches nothing', async () => {
    const made = new TestBench(stream, clock)
    made.reader.records = first
    await made.enter()
    await dies(made.worker(), made)
    const records = [...made.topics.records(topic)]
    await made.askRestore('needless')
    await dies(made.worker(), made)
    expect([made.runs.runs.get('needless')?.error?.code, made.topics.records(topic)]).toEqual(['topic_whole', records])
  })

  it('is done before anything was noticed, if it is asked for', async () => {
    const made = new TestBench(stream, clock)
    made.reader.records = first
    await made.enter()
    await dies(made.worker(), made)
    made.topics.replace(topic)
    await made.askRestore('early')
    await dies(made.worker(), made)
    expect(made.runs.runs.get('early')).toMatchObject({ state: 'succeeded', restore: { events: 11 } })
    made.reader.records = [...first, ...later]
    expect(await whole(made)).toEqual(asIfNothing)
  })

  it('leaves out what the topic refused at first, and fails where it refuses more now', async () => {
    const topics = new RefusingTopics()
    const made = new TestBench(stream, clock)
    made.reader.records = first.map((bird, at) => (at === 3 ? { ...bird, bird: 'x'.repeat(3_000) } : bird))
    topics.mostBytes = 2_000
    await made.enter()
    await dies(made.worker({ writer: topics }), made)
    expect([...made.kept.rows.values()].reduce((sum, { events }) => sum + events, 0)).toBe(10)
    topics.mostBytes = 1
    topics.replace(topic)
    await made.askRestore('refused')
    await dies(made.worker({ writer: topics }), made)
    expect(made.runs.runs.get('refused')?.error?.code).toBe('restore_refused')
    topics.mostBytes = 9_999
    await made.askRestore('mended')
    await dies(made.worker({ writer: topics }), made)
    expect(made.runs.runs.get('mended')).toMatchObject({ state: 'succeeded', restore: { events: 10, missing: 0 } })
  })

  it('of one that is shut out meanwhile changes nothing', async () => {
    const made = await lost()
    await made.askRestore('two')
    const zombie = made.worker({ writer: { send: () => Promise.reject(new Crash('stands still')) } })
    expect(await dies(zombie, made)).toBe(true)
    await dies(made.worker({ instance: 'one' }), made)
    expect(await whole(made)).toEqual(asIfNothing)
  })
})
