import { describe, expect, it } from '@jest/globals'
import { configureLog } from '@millrace/observability'
import { noCounts } from '@millrace/cassandra'
import { eventTopic } from '@millrace/stream-kit'
import { waitUntil } from '@millrace/service'
import { FakeClock } from '@millrace/testing'
import { IngestionError } from '../ingestion.errors.ts'
import { birds, sightings, type SightingsOptions } from '../testing/sightings.ts'
import { TestBench } from '../testing/test-bench.ts'
import { TopicWriterStub } from '../testing/topic-writer-stub.ts'
import type { StreamWorker } from './stream-worker.ts'

configureLog({ app: 'spec', level: 'error' })

const polled = { poll: '200 milliseconds', pageSize: 100 } as const

function start(options: SightingsOptions = polled) {
  const clock = new FakeClock('2026-01-01T12:00:00Z')
  const bench = new TestBench(sightings(options), clock)
  return { clock, bench, startMs: clock.now() - 600_000, topic: eventTopic(bench.stream), row: () => bench.streams.rows.get('sightings.v1') }
}

describe('a poll', () => {
  it('happens at once after the start, and then when it is due', async () => {
    const { bench, startMs, topic } = start()
    bench.reader.records = birds(2, { startMs })
    const worker = bench.worker()
    await worker.turn()
    expect(bench.topics.ids(topic).size).toBe(2)
    await worker.turn()
    expect(bench.reader.reads.length).toBe(1)
  })

  it('that finds nothing writes nothing', async () => {
    const { clock, bench, startMs } = start()
    bench.reader.records = birds(2, { startMs })
    const worker = bench.worker()
    await worker.turn()
    const before = bench.streams.decisions
    for (let poll = 0; poll < 5; poll += 1) await polls(worker, clock)
    expect(bench.reader.reads.length).toBe(6)
    expect([bench.streams.decisions, bench.pages.writes]).toEqual([before, 1])
  })

  it('that only repeats is booked with the next page, or within five seconds', async () => {
    const { clock, bench, startMs, row } = start({ ...polled, overlap: 2 })
    bench.reader.records = birds(4, { startMs })
    const worker = bench.worker()
    await worker.turn()
    const seq = row()?.seq
    for (let poll = 0; poll < 3; poll += 1) await polls(worker, clock)
    expect([row()?.seq, row()?.totals.fetched]).toEqual([seq, 4])
    bench.reader.records = birds(5, { startMs })
    await polls(worker, clock)
    expect(row()?.totals).toEqual({ ...noCounts, fetched: 4 + 3 * 2 + 3, fresh: 5, published: 5, repeated: 8 })
    await polls(worker, clock)
    await polls(worker, clock, 6_000)
    expect(row()?.totals.repeated).toBe(8 + 2 * 2)
  })

  it('leaves no run behind', async () => {
    const { bench, startMs } = start()
    bench.reader.records = birds(2, { startMs })
    await bench.worker().turn()
    expect(bench.runs.runs.size).toBe(0)
  })

  it('waits after a failure, longer each time, and is not hurried by the schedule', async () => {
    const { clock, bench, startMs, topic } = start()
    bench.reader.records = birds(2, { startMs })
    bench.reader.failures = Array.from({ length: 3 }, () => new IngestionError('source_unreachable', 'down'))
    const worker = bench.worker()
    const working = worker.start()
    const readsUntil = async (ms: number) => {
      for (const end = clock.now() + ms; clock.now() < end;) {
        worker.poll()
        await clock.advance(25)
      }
      return bench.reader.reads.length
    }
    expect([await readsUntil(100), await readsUntil(200), await readsUntil(500), await readsUntil(50)]).toEqual([1, 2, 3, 3])
    await readsUntil(200)
    await waitUntil(() => bench.topics.ids(topic).size === 2, { deadlineMs: 10_000 })
    await worker.stop()
    await working
  })

  it('waits as long as the source asks for', async () => {
    const { clock, bench } = start()
    bench.reader.failures = [new IngestionError('source_busy', 'wait', { fields: { retryAfterMs: 7_000 } })]
    const worker = bench.worker()
    expect(await worker.turn()).toBe(7_000)
    worker.poll()
    await clock.advance(0)
    expect(bench.reader.reads.length).toBe(1)
  })
})

describe('a triggered run', () => {
  it('fails at once, and says why, when trying again does not help', async () => {
    const { bench } = start({})
    bench.reader.failures = [new IngestionError('source_refused', 'The source answers 404.')]
    const id = await bench.enter()
    await bench.worker().turn()
    expect(await bench.runs.find(id)).toMatchObject({ state: 'failed', error: { code: 'source_refused', message: 'The source answers 404.' } })
  })

  it('waits for a source that is down, then goes on where it was', async () => {
    const { clock, bench, startMs, topic } = start({ pageSize: 3 })
    bench.reader.records = birds(8, { startMs })
    const id = await bench.enter()
    const worker = bench.worker()
    bench.reader.failures = [undefined, new IngestionError('source_unreachable', 'down')]
    await worker.turn()
    expect((await bench.runs.find(id))?.state).toBe('running')
    await clock.advance(1_000)
    await worker.turn()
    expect(await bench.runs.find(id)).toMatchObject({ state: 'succeeded', counts: { fetched: 8, published: 8, repeated: 0 }, offsets: expect.anything() })
    expect(bench.topics.records(topic).length).toBe(8)
    expect(bench.reader.reads.map(({ page }) => page)).toEqual([0, 1, 1, 2])
  })

  it('fails when the source has been down for too long', async () => {
    const { clock, bench } = start({})
    bench.reader.failures = Array.from({ length: 1_000 }, () => new IngestionError('source_unreachable', 'down'))
    const id = await bench.enter()
    const worker = bench.worker()
    for (let turn = 0; turn < 100 && (await bench.runs.find(id))?.state !== 'failed'; turn += 1) await clock.advance(await worker.turn())
    expect(await bench.runs.find(id)).toMatchObject({ state: 'failed', error: { code: 'source_unreachable' } })
    expect(clock.now()).toBeLessThan(Date.parse('2026-01-01T12:02:00Z'))
  })

  it('that failed leaves its page pending, and the next run finishes it', async () => {
    const { clock, bench, startMs, topic, row } = start({ pageSize: 100 })
    bench.reader.records = birds(5, { startMs })
    const writer = new TopicWriterStub(bench.topics)
    writer.failures = Number.POSITIVE_INFINITY
    const id = await bench.enter()
    const worker = bench.worker({ writer })
    for (let turn = 0; turn < 200 && (await bench.runs.find(id))?.state !== 'failed'; turn += 1) await clock.advance(await worker.turn())
    expect(await bench.runs.find(id)).toMatchObject({ state: 'failed', error: { code: 'kafka_send_unknown' } })
    expect(row()?.pending).toBe(0)
    writer.failures = 0
    bench.reader.records = []
    await bench.enter('next')
    await clock.advance(await worker.turn())
    await worker.turn()
    expect([bench.topics.ids(topic).size, row()?.pending, row()?.totals.published]).toEqual([5, null, 5])
    expect((await bench.runs.find('next'))?.state).toBe('succeeded')
  })

  it('waits its turn behind the one before', async () => {
    const { bench, startMs } = start({ pageSize: 100 })
    bench.reader.records = birds(5, { startMs })
    await bench.enter('one')
    await bench.enter('two')
    const worker = bench.worker()
    await worker.turn()
    expect([(await bench.runs.find('one'))?.state, (await bench.runs.find('two'))?.state]).toEqual(['succeeded', 'queued'])
    await worker.turn()
    expect(await bench.runs.find('two')).toMatchObject({ state: 'succeeded', counts: noCounts })
  })
})

describe('a paused stream', () => {
  it('takes nothing until it is resumed, on every instance', async () => {
    const { bench, startMs, topic } = start(polled)
    bench.reader.records = birds(5, { startMs })
    await bench.streams.setPaused(bench.stream, true)
    const id = await bench.enter()
    const worker = bench.worker()
    await worker.turn()
    expect([bench.reader.reads.length, (await bench.runs.find(id))?.state]).toEqual([0, 'queued'])
    await bench.streams.setPaused(bench.stream, false)
    worker.refresh()
    await worker.turn()
    expect([bench.topics.ids(topic).size, (await bench.runs.find(id))?.state]).toEqual([5, 'succeeded'])
  })
})

describe('a source that', () => {
  it('does not page in order is sorted before anything is published', async () => {
    const { bench, startMs, topic } = start({ pageSize: 3, order: 'any' })
    bench.reader.records = birds(8, { startMs }).map((bird, i) => ({ ...bird, seenAt: startMs + ((i * 5) % 8) * 600_000 - 3_600_000 }))
    await bench.enter()
    await bench.worker().turn()
    const times = bench.topics.records(topic).map(({ value }) => (JSON.parse(value.toString()) as { seenAt: number }).seenAt)
    expect(times.length).toBe(8)
    expect(times).toEqual([...times].sort((a, b) => a - b))
    expect(bench.streams.rows.get('sightings.v1')?.totals).toEqual({ ...noCounts, fetched: 8, fresh: 8, published: 8 })
  })

  it('gives the same full page for ever is told so', async () => {
    const { bench, startMs } = start({ pageSize: 3 })
    bench.reader.records = birds(3, { startMs })
    bench.reader.ignoresPaging = true
    const id = await bench.enter()
    await bench.worker().turn()
    expect(await bench.runs.find(id)).toMatchObject({ state: 'failed', error: { code: 'source_does_not_page' }, counts: { published: 3 } })
  })

  it('revises a record under another time does not have it counted twice', async () => {
    const { bench, startMs, topic } = start({ pageSize: 100, overlap: 100 })
    bench.reader.records = birds(2, { startMs })
    await bench.enter('one')
    const worker = bench.worker()
    await worker.turn()
    bench.reader.records = birds(2, { startMs }).map((bird) => ({ ...bird, seenAt: startMs + 300_000 }))
    await bench.enter('two')
    worker.refresh()
    await worker.turn()
    expect([bench.topics.records(topic).length, bench.topics.ids('sightings.v1.dead-letters').size]).toEqual([2, 2])
    expect(await bench.runs.find('two')).toMatchObject({ counts: { fetched: 2, repeated: 2, fresh: 0 } })
    await bench.enter('three')
    worker.refresh()
    await worker.turn()
    expect(bench.topics.records('sightings.v1.dead-letters').length).toBe(2)
  })
})

describe('stopping', () => {
  it('books what waits, and lets the lease go', async () => {
    const { clock, bench, startMs, row } = start({ ...polled, overlap: 2 })
    bench.reader.records = birds(4, { startMs })
    const worker = bench.worker()
    await worker.turn()
    await polls(worker, clock)
    await worker.stop()
    expect(row()).toMatchObject({ leaseUntil: 0, pending: null, totals: { fetched: 6, published: 4, repeated: 2 } })
    await bench.worker({ instance: 'two' }).turn()
    expect(row()).toMatchObject({ owner: expect.stringMatching(/^two /), epoch: 2 })
  })
})

async function polls(worker: StreamWorker, clock: FakeClock, afterMs = 200): Promise<void> {
  await clock.advance(afterMs)
  worker.poll()
  await worker.turn()
}
