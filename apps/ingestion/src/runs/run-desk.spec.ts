import { describe, expect, it } from '@jest/globals'
import { firstTopic, noCounts } from '@millrace/cassandra'
import { configureLog } from '@millrace/observability'
import { RateLimit } from '@millrace/service'
import { defineCatalogue } from '@millrace/stream-kit'
import { FakeClock } from '@millrace/testing'
import { InMemoryRunStore, InMemoryStreamStore } from '../testing/in-memory-stores.ts'
import { sightings, type SightingsOptions } from '../testing/sightings.ts'
import { RunDesk } from './run-desk.ts'

configureLog({ app: 'spec', level: 'error' })

function start(count = 10, options: SightingsOptions = {}, runs = new InMemoryRunStore()) {
  const clock = new FakeClock()
  const streams = new InMemoryStreamStore()
  const refreshed: string[] = []
  const worker = { refresh: () => { refreshed.push('sightings') }, runInHand: () => null }
  const desk = new RunDesk({ catalogue: defineCatalogue([sightings(options)]), runs, streams, workers: { get: ({ name }) => (name === 'sightings' ? worker : undefined) }, limit: new RateLimit({ count, perMs: 60_000, what: 'new runs', clock }), clock })
  const trigger = (key: string | undefined, { body = {}, caller = 'c', stream = 'sightings' }: { body?: object; caller?: string; stream?: string } = {}) => desk.trigger({ stream, key, caller, body })
  const passed = (watermark: number) => { streams.rows.set('sightings.v1', { epoch: 1, owner: null, leaseUntil: 0, seq: 0, pending: null, cursor: null, watermark, highest: watermark + 60_000, publishedOffsets: {}, topic: firstTopic, isPaused: false, totals: noCounts }) }
  return { runs, desk, trigger, refreshed, clock, passed }
}

const problem = (status: number, code: string) => expect.objectContaining({ problem: expect.objectContaining({ status, code }) })

describe('RunDesk', () => {
  it('enters a run and tells the worker', async () => {
    const { trigger, runs, refreshed } = start()
    expect(await trigger('k')).toMatchObject({ stream: 'sightings', version: 1, state: 'queued', counts: noCounts, error: null })
    expect([runs.runs.size, refreshed]).toEqual([1, ['sightings']])
  })

  it('answers a repeated key with the same run, however often and at once', async () => {
    const { trigger, runs } = start(100)
    const answers = await Promise.all(Array.from({ length: 100 }, () => trigger('k')))
    expect([new Set(answers.map(({ id }) => id)).size, runs.runs.size]).toEqual([1, 1])
  })

  it('enters a run that was claimed but not entered before the process died', async () => {
    const { trigger, runs } = start()
    const { id } = await trigger('k')
    runs.runs.clear()
    expect((await trigger('k')).id).toBe(id)
    expect([...runs.runs.keys()]).toEqual([id])
  })

  it('refuses a key that stands for another body or stream', async () => {
    const { trigger } = start()
    await trigger('k')
    await expect(trigger('k', { body: { reason: 'other' } })).rejects.toEqual(problem(422, 'idempotency_key_used'))
  })

  it('keeps the keys of callers apart', async () => {
    const { trigger } = start()
    expect((await trigger('k', { caller: 'a' })).id).not.toBe((await trigger('k', { caller: 'b' })).id)
  })

  it.each([undefined, '', 'two words', 'ü', 'x'.repeat(201)])('refuses the key %j', async (key) => {
    await expect(start().trigger(key)).rejects.toEqual(problem(400, 'idempotency_key_required'))
  })

  it('limits new runs, and lets repeats be free', async () => {
    const { trigger } = start(2)
    await trigger('a')
    await trigger('b')
    await expect(trigger('c')).rejects.toEqual(problem(429, 'too_many_requests'))
    for (let i = 0; i < 20; i += 1) await trigger('a')
  })

  it('lets a first burst of one key through, whatever the limit, on two instances at once', async () => {
    const one = start(1)
    const other = start(1, {}, one.runs)
    const answers = await Promise.all(Array.from({ length: 100 }, (_, at) => (at % 2 === 0 ? one : other).trigger('k')))
    expect([new Set(answers.map(({ id }) => id)).size, one.runs.runs.size, one.runs.keys.size]).toEqual([1, 1, 1])
    // One of them has used what it may start; the other has taken nothing.
    const next = await Promise.allSettled([one.trigger('l'), other.trigger('m')])
    expect(next.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('knows a key that another instance has claimed meanwhile, though the limit is used up', async () => {
    const one = start(1)
    await one.trigger('used')
    const { runs } = one
    const [claimed] = [await start(1, {}, runs).trigger('k')]
    const find = runs.findKey.bind(runs)
    let isFirst = true
    runs.findKey = (caller, key) => {
      const wasFirst = isFirst
      isFirst = false
      return wasFirst ? Promise.resolve(null) : find(caller, key)
    }
    expect((await one.trigger('k')).id).toBe(claimed.id)
  })

  it('takes nothing from the limit for a claim that has failed', async () => {
    const { trigger, runs } = start(1)
    const claim = runs.claim.bind(runs)
    runs.claim = () => Promise.reject(new Error('Cassandra is away'))
    await expect(trigger('k')).rejects.toThrow('away')
    runs.claim = claim
    expect((await trigger('k')).state).toBe('queued')
  })

  it('is one answer for those who send a key at the same time, and its failure too is not kept', async () => {
    const { trigger, runs } = start()
    const create = runs.create.bind(runs)
    let creates = 0
    runs.create = (run) => ((creates += 1) === 1 ? Promise.reject(new Error('Cassandra is away')) : create(run))
    const answers = await Promise.allSettled([trigger('k'), trigger('k')])
    expect([answers.map(({ status }) => status), creates]).toEqual([['rejected', 'rejected'], 1])
    expect((await trigger('k')).state).toBe('queued')
  })

  it('enters what another instance has claimed with the time of the claim', async () => {
    const { trigger, runs } = start()
    const { id, createdAt } = await trigger('k')
    runs.runs.clear()
    const later = start(10, {}, runs)
    await later.clock.advance(60_000)
    expect(await later.trigger('k')).toMatchObject({ id, createdAt })
  })

  it('says which streams there are', async () => {
    await expect(start().trigger('k', { stream: 'nope' })).rejects.toEqual(problem(404, 'stream_unknown'))
  })

  it('does not know a run that nobody has entered', async () => {
    await expect(start().desk.run('nope')).rejects.toEqual(problem(404, 'run_unknown'))
  })

  it('gives up a run whose stream has been withdrawn', async () => {
    const { runs, desk } = start()
    await runs.create({ id: 'r', stream: 'sightings', version: 7, range: null, state: 'running', counts: noCounts, offsets: {}, error: null, createdAt: 0 })
    expect(await desk.run('r')).toMatchObject({ state: 'abandoned', error: { code: 'stream_withdrawn' } })
    expect((await runs.find('r'))?.state).toBe('abandoned')
  })
})

describe('a backfill', () => {
  const span = { from: '2018-02-01T00:00:00Z', to: '2018-02-02T00:00:00Z' }
  const end = Date.parse(span.to)

  it('is entered with its range when the watermark has passed it', async () => {
    const { trigger, passed, runs } = start()
    passed(end)
    const run = await trigger('k', { body: { ...span, reason: 'a gap' } })
    expect(run).toMatchObject({ state: 'queued', range: { from: Date.parse(span.from), to: end } })
    expect((await runs.find(run.id))?.range).toEqual(run.range)
  })

  it('is refused while the range is not closed, with the watermark; the key stays free', async () => {
    const { trigger, passed, runs } = start(1)
    await expect(trigger('k', { body: span })).rejects.toEqual(problem(409, 'range_not_closed'))
    passed(end - 1)
    await expect(trigger('k', { body: span })).rejects.toMatchObject({ problem: { code: 'range_not_closed', members: { watermark: '2018-02-01T23:59:59.999Z' } } })
    expect([runs.keys.size, runs.runs.size]).toEqual([0, 0])
    passed(end)
    await trigger('k', { body: span })
  })

  it('is refused where the source has no range, and where it ends in the future', async () => {
    const without = start(10, { hasRange: false })
    without.passed(end)
    await expect(without.trigger('k', { body: span })).rejects.toEqual(problem(409, 'no_range'))
    const { trigger, passed, clock } = start()
    passed(Number.MAX_SAFE_INTEGER)
    const at = (aheadMs: number) => ({ from: span.from, to: new Date(clock.now() + aheadMs).toISOString() })
    await expect(trigger('k', { body: at(300_001) })).rejects.toEqual(problem(400, 'range_in_future'))
    await trigger('k', { body: at(300_000) })
  })

  it('is the same run for the same key and span, however it is written, and another for none', async () => {
    const { trigger, passed } = start()
    passed(end)
    const { id } = await trigger('k', { body: span })
    expect((await trigger('k', { body: { to: '2018-02-02T01:00:00.000000+01:00', from: '2018-02-01T00:00Z' } })).id).toBe(id)
    for (const body of [{}, { ...span, to: '2018-02-01T12:00:00Z' }, { ...span, reason: 'x' }]) await expect(trigger('k', { body })).rejects.toEqual(problem(422, 'idempotency_key_used'))
  })

  it('that was accepted stays known when it would be refused now', async () => {
    const { trigger, passed } = start()
    passed(end)
    const { id } = await trigger('k', { body: span })
    passed(0)
    expect((await trigger('k', { body: span })).id).toBe(id)
  })
})
