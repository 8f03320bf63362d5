import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { CassandraError, noFigures, type Recount } from '@millrace/cassandra'
import { configureLog } from '@millrace/observability'
import { waitUntil } from '@millrace/service'
import { SparkError } from '@millrace/spark-connect'
import { defineCatalogue } from '@millrace/stream-kit'
import { trades } from '@millrace/streams'
import { Twins } from '../twins.fixture.ts'
import { EnteredRecounts } from './dropped-recounts.ts'
import { RecountQueue } from './recount-queue.ts'

const lines: string[] = []
configureLog({ app: 'spec', write: (line) => { lines.push(line) } })

const to = 3_600_000
let twins: Twins
let queues: RecountQueue[]

/** Another bridge over the same world, which sleeps no longer than a turn of the event loop. */
function bridge(): RecountQueue {
  const { generations, stored, ingestion, topics } = twins.surroundings
  const { counter, tables } = twins
  const clock = { now: () => twins.now, sleep: async (_: number, signal?: AbortSignal) => { await new Promise((resolve) => setImmediate(resolve)); signal?.throwIfAborted() } }
  const queue = new RecountQueue({ catalogue: defineCatalogue([trades]), store: twins.recounts, clock, around: { generations, inclusions: twins.inclusions, stored, ingestion, topics, counter, tables, now: () => twins.now } })
  queues.push(queue)
  return queue
}

const enter = async (id: string, change: Partial<Recount> = {}) => {
  await twins.recounts.create({
    id, stream: 'trades', version: 1, generation: 1, state: 'queued', verdict: null, from: 0, to, offsets: {}, figures: noFigures, differences: [], error: null, attempts: 0, createdAt: twins.now += 1, endedAt: null, ...change,
  })
}
const states = () => twins.recounts.saved.map(({ id, state }) => `${id} ${state}`)
const ended = async (id: string): Promise<Recount | undefined> => {
  await waitUntil(() => (twins.recounts.recounts.get(id)?.endedAt ?? null) !== null, { deadlineMs: 5_000, everyMs: 5, what: `recount ${id} to end` })
  return twins.recounts.recounts.get(id)
}

beforeEach(() => {
  lines.length = 0
  queues = []
  twins = new Twins()
  twins.add(trades, { generation: 1, state: 'served', planHash: 'x' })
  twins.stored.set(1, {})
  twins.finalUntil = to
  twins.ends = { 0: 7n, 1: 0n }
})
afterEach(async () => { for (const queue of queues) await queue.close() })

describe('the queue of recounts', () => {
  it('does one after the other, in the order of their entry', async () => {
    const gate = Promise.withResolvers<undefined>()
    twins.counter.gate = gate.promise
    const queue = bridge()
    queue.open()
    await enter('a')
    await enter('b')
    queue.refresh()
    await waitUntil(() => states().length === 2, { deadlineMs: 5_000, everyMs: 5, what: 'the first to run' })
    expect([states(), twins.recounts.recounts.get('a'), twins.recounts.recounts.get('b')?.state]).toMatchObject([['a running', 'a running'], { offsets: { 0: 7, 1: 0 }, attempts: 1 }, 'queued'])
    gate.resolve(undefined)
    await ended('b')
    expect(states()).toEqual(['a running', 'a running', 'a succeeded', 'b running', 'b running', 'b succeeded'])
  })

  it('begins again what was running when its bridge died, and finds what was waiting', async () => {
    await enter('a', { state: 'running', attempts: 1 })
    await enter('b')
    bridge().open()
    expect([await ended('a'), await ended('b')]).toMatchObject([{ state: 'succeeded', attempts: 2, verdict: 'equal' }, { state: 'succeeded', attempts: 1 }])
  })

  it('gives up what belongs to a stream that was withdrawn', async () => {
    await enter('a', { version: 9 })
    bridge().open()
    expect(await ended('a')).toMatchObject({ state: 'abandoned', verdict: null, error: { code: 'recount_stream_withdrawn' } })
    expect(twins.counter.asked).toEqual([])
  })

  it('tries again what is only away, also when events have left the topic meanwhile', async () => {
    twins.counter.failures.push(new SparkError('spark_unreachable', 'away'), new SparkError('spark_session_changed', 'another'), new SparkError('spark_data_loss', 'gone'))
    await enter('a')
    bridge().open()
    expect(await ended('a')).toMatchObject({ state: 'succeeded', attempts: 4 })
    expect(lines.filter((line) => line.includes('recount_postponed'))).toHaveLength(3)
  })

  it.each([[new SparkError('spark_plan_refused', 'no such function'), 'spark_plan_refused'], [new TypeError('a bug'), 'recount_broken']])('fails with %s, and goes on with the next', async (failure, code) => {
    twins.counter.failures.push(failure)
    await enter('a')
    await enter('b')
    bridge().open()
    expect([await ended('a'), await ended('b')]).toMatchObject([{ state: 'failed', verdict: null, error: { code, message: expect.stringContaining(failure.message) } }, { state: 'succeeded' }])
    expect(lines.find((line) => line.includes('recount_failed'))).toContain(code)
  })

  it('does not begin the same for ever', async () => {
    await enter('a', { state: 'running', attempts: 10 })
    bridge().open()
    expect(await ended('a')).toMatchObject({ state: 'failed', error: { code: 'recount_given_up' } })
    expect(twins.counter.asked).toEqual([])
  })

  it('leaves what is in hand open when it closes', async () => {
    const gate = Promise.withResolvers<undefined>()
    twins.counter.gate = gate.promise
    twins.counter.failures.push(new SparkError('spark_unreachable', 'closed'))
    await enter('a')
    const queue = bridge()
    queue.open()
    await waitUntil(() => twins.counter.asked.length === 1, { deadlineMs: 5_000, everyMs: 5, what: 'the recount to run' })
    const closed = queue.close()
    gate.resolve(undefined)
    await closed
    expect([twins.counter.isClosed, (await twins.recounts.open()).map(({ id, state }) => [id, state])]).toEqual([true, [['a', 'running']]])
  })

  it('waits for a table that cannot be read', async () => {
    await enter('a')
    const { recounts } = twins
    const open = recounts.open.bind(recounts)
    let failures = 3
    recounts.open = () => ((failures -= 1) >= 0 ? Promise.reject(new CassandraError('cassandra_unreachable', 'away')) : open())
    bridge().open()
    expect((await ended('a'))?.attempts).toBe(1)
    expect(lines.filter((line) => line.includes('recount_queue_held'))).toHaveLength(3)
  })

  it('says loudly which windows differ', async () => {
    twins.tables.byTime.set('per-minute', [{ group: { symbol: 'ALDR' }, windowStart: 60_000, windowEnd: 120_000, events: 1, generation: 1, measures: {} }])
    await enter('a')
    bridge().open()
    expect(await ended('a')).toMatchObject({ state: 'succeeded', verdict: 'different', figures: { extra: 1 } })
    await waitUntil(() => lines.some((line) => line.includes('recount_different')), { deadlineMs: 5_000, everyMs: 5, what: 'the line' })
    const said = JSON.parse(lines.find((line) => line.includes('recount_different')) ?? '{}') as Record<string, string>
    expect([said['level'], said['text']]).toEqual(['error', expect.stringContaining('per-minute ALDR 1970-01-01T00:01:00.000Z (extra)')])
    expect(lines.join()).not.toContain('query_dropped_missed')
  })

  it('raises an alarm where the bridge has asked because events were dropped, and they count; none where they do not', async () => {
    const enterDropped = async (batch: string) => {
      await new EnteredRecounts({ store: twins.recounts, queue: { refresh: () => undefined } }).enter(trades, { generation: 1, batch, from: 0, to })
      return (await twins.recounts.open()).at(-1)?.id ?? ''
    }
    const missed = () => lines.filter((line) => line.includes('query_dropped_missed'))
    const equal = await enterDropped('first')
    bridge().open()
    await ended(equal)
    twins.tables.byTime.set('per-minute', [{ group: { symbol: 'ALDR' }, windowStart: 60_000, windowEnd: 120_000, events: 1, generation: 1, measures: {} }])
    const different = await enterDropped('second')
    queues.at(-1)?.refresh()
    await ended(different)
    await waitUntil(() => missed().length > 0, { deadlineMs: 5_000, everyMs: 5, what: 'the alarm' })
    expect(missed()).toHaveLength(1)
    expect(JSON.parse(missed()[0] ?? '{}')).toMatchObject({ level: 'error', recount: different, windows: 1, text: expect.stringContaining('per-minute ALDR 1970-01-01T00:01:00.000Z (extra)') })
  })
})
