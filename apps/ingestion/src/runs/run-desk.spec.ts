import { describe, expect, it } from '@jest/globals'
import { noCounts } from '@millrace/cassandra'
import { configureLog } from '@millrace/observability'
import { RateLimit } from '@millrace/service'
import { defineCatalogue } from '@millrace/stream-kit'
import { FakeClock } from '@millrace/testing'
import { InMemoryRunStore } from '../testing/in-memory-stores.ts'
import { sightings } from '../testing/sightings.ts'
import { RunDesk } from './run-desk.ts'

configureLog({ app: 'spec', level: 'error' })

function start(count = 10) {
  const clock = new FakeClock()
  const runs = new InMemoryRunStore()
  const refreshed: string[] = []
  const worker = { refresh: () => { refreshed.push('sightings') }, runInHand: () => null }
  const desk = new RunDesk({ catalogue: defineCatalogue([sightings()]), runs, workers: { get: ({ name }) => (name === 'sightings' ? worker : undefined) }, limit: new RateLimit({ count, perMs: 60_000, what: 'new runs', clock }), clock })
  const trigger = (key: string | undefined, { body = {}, caller = 'c', stream = 'sightings' }: { body?: object; caller?: string; stream?: string } = {}) => desk.trigger({ stream, key, caller, body })
  return { runs, desk, trigger, refreshed }
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

  it('says which streams there are', async () => {
    await expect(start().trigger('k', { stream: 'nope' })).rejects.toEqual(problem(404, 'stream_unknown'))
  })

  it('does not know a run that nobody has entered', async () => {
    await expect(start().desk.run('nope')).rejects.toEqual(problem(404, 'run_unknown'))
  })

  it('gives up a run whose stream has been withdrawn', async () => {
    const { runs, desk } = start()
    await runs.create({ id: 'r', stream: 'sightings', version: 7, state: 'running', counts: noCounts, offsets: {}, error: null, createdAt: 0 })
    expect(await desk.run('r')).toMatchObject({ state: 'abandoned', error: { code: 'stream_withdrawn' } })
    expect((await runs.find('r'))?.state).toBe('abandoned')
  })
})
