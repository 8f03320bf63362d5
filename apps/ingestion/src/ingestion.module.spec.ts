import { noCounts, RunStore, StreamStore, type Run } from '@millrace/cassandra'
import { defineCatalogue } from '@millrace/stream-kit'
import { Health, waitUntil } from '@millrace/service'
import { describeWorker, testKeys, testService } from '@millrace/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import type { TestingModuleBuilder } from '@nestjs/testing'
import { CATALOGUE } from './catalogue.provider.ts'
import { Connections } from './connections.ts'
import { IngestionModule } from './ingestion.module.ts'
import { StreamWorkers } from './pipeline/stream-workers.ts'
import { InMemoryDeadLetters } from './testing/in-memory-dead-letters.ts'
import { InMemoryKeptPages } from './testing/in-memory-kept-pages.ts'
import { InMemoryPageStore, InMemoryRunStore, InMemorySeenStore, InMemoryStreamStore } from './testing/in-memory-stores.ts'
import { InMemoryTopics } from './testing/in-memory-topics.ts'
import { birds, SightingReader, sightings } from './testing/sightings.ts'

/** Everything that reaches out, replaced; the module, its routes and its workers are the real ones. */
const override = (builder: TestingModuleBuilder): TestingModuleBuilder => {
  const [streams, runs, topics, reader] = [new InMemoryStreamStore(), new InMemoryRunStore(), new InMemoryTopics(), new SightingReader()]
  reader.records = birds(5, { startMs: Date.now() - 60_000 })
  const catalogue = defineCatalogue([sightings()])
  return builder
    .overrideProvider(CATALOGUE).useValue(catalogue)
    .overrideProvider(Connections).useFactory({ inject: [Health], factory: (health: Health) => { health.add('twins', () => undefined); return { opened: () => Promise.resolve(true) } } })
    .overrideProvider(StreamStore).useValue(streams)
    .overrideProvider(RunStore).useValue(runs)
    .overrideProvider(StreamWorkers).useFactory({
      factory: () => new StreamWorkers({
        catalogue, streams, runs, reader, topics, kept: new InMemoryKeptPages(), letters: new InMemoryDeadLetters(), pages: new InMemoryPageStore(), seen: new InMemorySeenStore(),
        writerFor: () => ({ send: (batch) => topics.send(batch), close: () => Promise.resolve() }),
        settings: { instance: 'spec', lease: 10_000, outage: 60_000, seenIds: 10_000 },
      }),
    })
}

describeWorker(() => IngestionModule, { name: 'ingestion', override })

describe('the endpoints of ingestion', () => {
  const keys = testKeys()
  let app: NestFastifyApplication
  beforeAll(async () => { app = await testService(IngestionModule, { name: 'ingestion', override, env: { MILLRACE_KEYS_FILE: keys.file } }) })
  afterAll(async () => {
    await app.close()
    keys.remove()
  })

  const post = (url: string, { key, body = {}, scope = 'ingest:trigger' }: { key?: string; body?: object; scope?: 'ingest:trigger' | 'stream:control' } = {}) =>
    app.inject({ method: 'POST', url, headers: { authorization: keys.bearer(scope), ...(key !== undefined && { 'idempotency-key': key }) }, payload: body })
  const get = (url: string) => app.inject({ url, headers: { authorization: keys.bearer('ingest:trigger') } })

  it('start a run, and show it until it has succeeded', async () => {
    const answer = await post('/v1/streams/sightings/runs', { key: 'one' })
    const run = answer.json<{ id: string }>()
    expect([answer.statusCode, answer.headers.location]).toEqual([202, `/v1/runs/${run.id}`])
    expect(run).toEqual({ id: expect.any(String), stream: 'sightings', kind: 'pull', state: 'queued', counts: { fetched: 0, fresh: 0, repeated: 0, rejected: 0, late: 0, published: 0 }, offsets: {}, error: null })
    await waitUntil(async () => (await get(`/v1/runs/${run.id}`)).json<{ state: string }>().state === 'succeeded', { deadlineMs: 10_000 })
    expect((await get(`/v1/runs/${run.id}`)).json()).toMatchObject({ counts: { fetched: 5, fresh: 5, published: 5 }, offsets: { 1: 5 }, error: null })
    expect((await post('/v1/streams/sightings/runs', { key: 'one' })).json()).toMatchObject({ id: run.id, state: 'succeeded' })
  })

  it('show a run to every key, and start one only for a key that may', async () => {
    const { id } = (await post('/v1/streams/sightings/runs', { key: 'shown' })).json<{ id: string }>()
    const shown = (['ingest:trigger', 'query:read', 'stream:control', 'admin'] as const).map((scope) => app.inject({ url: `/v1/runs/${id}`, headers: { authorization: keys.bearer(scope) } }))
    expect((await Promise.all(shown)).map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200])
    expect((await app.inject(`/v1/runs/${id}`)).headers['www-authenticate']).toBe('Bearer realm="millrace", scope="ingest:trigger query:read stream:control"')
    expect((await post('/v1/streams/sightings/runs', { key: 'refused', scope: 'stream:control' })).json()).toMatchObject({ status: 403, code: 'scope_missing', detail: 'This needs a key that has the scope ingest:trigger.' })
  })

  it('take no member that they do not know', async () => {
    expect((await post('/v1/streams/sightings/runs', { key: 'two', body: { url: 'http://evil.example/' } })).statusCode).toBe(400)
    expect((await post('/v1/streams/sightings/runs', { key: 'two', body: { reason: 7 } })).statusCode).toBe(400)
  })

  it('pull a past range again', async () => {
    await post('/v1/streams/sightings/runs', { key: 'first' })
    const to = new Date(Date.now() - 120_000).toISOString()
    await waitUntil(async () => (await post('/v1/streams/sightings/runs', { key: 'backfill', body: { from: '2020-01-01T00:00:00Z', to: '2020-02-01T00:00:00Z', reason: 'a gap' } })).statusCode === 202, { deadlineMs: 10_000 })
    const { id } = (await post('/v1/streams/sightings/runs', { key: 'backfill', body: { from: '2020-01-01T00:00:00Z', to: '2020-02-01T00:00:00Z', reason: 'a gap' } })).json<{ id: string }>()
    await waitUntil(async () => (await get(`/v1/runs/${id}`)).json<{ state: string }>().state === 'succeeded', { deadlineMs: 10_000 })
    expect((await get(`/v1/runs/${id}`)).json()).toMatchObject({ kind: 'backfill', counts: { fetched: 0 }, error: null })
    expect((await post('/v1/streams/sightings/runs', { key: 'open', body: { from: to, to: new Date(Date.now() - 1_000).toISOString() } })).json()).toMatchObject({ status: 409, code: 'range_not_closed', watermark: expect.stringMatching(/^20.*Z$/) })
  })

  it.each<[object, string]>([
    [{ from: '2020-01-01T00:00:00Z' }, 'to'], [{ to: '2020-01-01T00:00:00Z' }, 'from'], [{ from: '2020-01-01', to: '2020-01-02T00:00:00Z' }, 'from'], [{ from: '2020-02-30T00:00:00Z', to: '2020-03-02T00:00:00Z' }, 'from'],
    [{ from: 1, to: '2020-01-02T00:00:00Z' }, 'from'], [{ from: null, to: null }, 'from'], [{ from: '2020-01-02T00:00:00Z', to: '2020-01-02T00:00:00Z' }, 'to'], [{ from: '2020-01-01T00:00:00Z', to: '2021-01-02T00:00:00Z' }, 'to'],
  ])('refuse the range %j', async (body, field) => {
    const answer = await post('/v1/streams/sightings/runs', { key: 'wrong', body })
    expect([answer.statusCode, answer.json<{ errors: { field: string }[] }>().errors.map((error) => error.field)[0]]).toEqual([400, field])
  })

  it('redrive dead letters, each key once', async () => {
    const body = { dryRun: true, ids: ['2026-01-01.sightings.v1.dead-letters.0.7'], mapping: [{ op: 'set', path: '/count', value: 1 }], retryExhausted: true, reason: 'a test' }
    const answer = await post('/v1/streams/sightings/dead-letters/redrive', { key: 'redrive', body })
    const { id } = answer.json<{ id: string }>()
    expect([answer.statusCode, answer.headers.location, answer.json()]).toEqual([202, `/v1/runs/${id}`, expect.objectContaining({ kind: 'redrive', state: 'queued', redrive: { dryRun: true, outcomes: {}, examples: [] } })])
    await waitUntil(async () => (await get(`/v1/runs/${id}`)).json<{ state: string }>().state === 'succeeded', { deadlineMs: 10_000 })
    expect((await get(`/v1/runs/${id}`)).json()).toMatchObject({ counts: { fetched: 0 }, redrive: { dryRun: true, outcomes: { missing: 1 }, examples: [] } })
    expect((await post('/v1/streams/sightings/dead-letters/redrive', { key: 'redrive', body })).json()).toMatchObject({ id })
    expect((await post('/v1/streams/sightings/dead-letters/redrive', { key: 'redrive', body: { ...body, dryRun: false } })).json()).toMatchObject({ status: 422 })
    expect((await post('/v1/streams/sightings/dead-letters/redrive', { body })).json()).toMatchObject({ code: 'idempotency_key_required' })
    expect((await post('/v1/streams/sightings/dead-letters/redrive', { key: 'x', scope: 'stream:control' })).statusCode).toBe(403)
  })

  it.each<[object, string]>([
    [{ ids: ['nope'] }, 'ids'], [{ ids: [] }, 'ids'], [{ reasons: ['late'] }, 'reasons'], [{ from: 'today' }, 'from'], [{ from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' }, 'from'], [{ mapping: [{ op: 'eval', path: '/a' }] }, 'mapping'], [{ mapping: 'x' }, 'mapping'], [{ dryRun: null }, 'dryRun'], [{ code: 'x' }, 'code'],
  ])('refuse the redrive %j', async (body, field) => {
    const answer = await post('/v1/streams/sightings/dead-letters/redrive', { key: 'wrong', body })
    expect([answer.statusCode, answer.json<{ errors: { field: string }[] }>().errors.map((error) => error.field)[0]]).toEqual([400, field])
  })

  it('restore a topic, each key once; one that is whole is left alone', async () => {
    const ask = (key: string | undefined, body: object = {}, scope: 'ingest:trigger' | 'stream:control' = 'stream:control') => post('/v1/streams/sightings/restore', { ...(key !== undefined && { key }), body, scope })
    const answer = await ask('restore', { reason: 'a test' })
    const { id } = answer.json<{ id: string }>()
    expect([answer.statusCode, answer.headers.location, answer.json()]).toEqual([202, `/v1/runs/${id}`, expect.objectContaining({ kind: 'restore', state: 'queued', restore: { pages: 0, events: 0, missing: 0, from: null } })])
    await waitUntil(async () => (await get(`/v1/runs/${id}`)).json<{ state: string }>().state === 'failed', { deadlineMs: 10_000 })
    expect((await get(`/v1/runs/${id}`)).json()).toMatchObject({ error: { code: 'topic_whole' } })
    expect((await ask('restore', { reason: 'a test' })).json()).toMatchObject({ id })
    expect((await ask('restore')).statusCode).toBe(422)
    expect((await ask(undefined)).json()).toMatchObject({ code: 'idempotency_key_required' })
    expect((await ask('x', {}, 'ingest:trigger')).statusCode).toBe(403)
    expect((await ask('x', { from: 'now' })).statusCode).toBe(400)
  })

  it('answer problems', async () => {
    expect((await post('/v1/streams/sightings/runs')).json()).toMatchObject({ status: 400, code: 'idempotency_key_required' })
    expect((await post('/v1/streams/nope/runs', { key: 'x' })).json()).toMatchObject({ status: 404, code: 'stream_unknown' })
    expect((await get('/v1/runs/nope')).json()).toMatchObject({ status: 404, code: 'run_unknown' })
  })

  it('remove the records of runs that ended a week ago, with their keys, and no others', async () => {
    const runs = app.get(RunStore)
    const run: Run = { id: 'old', stream: 'sightings', version: 1, range: null, state: 'succeeded', counts: noCounts, offsets: {}, error: null, createdAt: Date.now() - 7 * 86_400_000 - 1_000 }
    await runs.create(run)
    await runs.create({ ...run, id: 'open', state: 'queued' })
    await runs.create({ ...run, id: 'new', createdAt: Date.now() - 6 * 86_400_000 })
    await runs.claim({ caller: 'trigger', key: 'old', fingerprint: 'f', runId: 'old', createdAt: 0 })
    const maintain = async (body?: object) => (await post('/v1/maintenance', { scope: 'stream:control', ...(body && { body }) })).json<{ runs: { removed: number; kept: number } }>()
    const { runs: { kept } } = await maintain({ dryRun: true })
    expect([await maintain({ dryRun: true }), (await runs.find('old'))?.id]).toEqual([{ runs: { removed: 1, kept } }, 'old'])
    expect(await maintain()).toEqual({ runs: { removed: 1, kept } })
    expect([await runs.find('old'), await runs.findKey('trigger', 'old'), (await runs.find('open'))?.id, (await runs.find('new'))?.id]).toEqual([null, null, 'open', 'new'])
    const answer = await app.inject({ method: 'POST', url: '/v1/maintenance', headers: { authorization: keys.bearer('stream:control') } })
    expect([answer.statusCode, answer.json()]).toEqual([200, { runs: { removed: 0, kept } }])
    expect((await post('/v1/maintenance')).statusCode).toBe(403)
    expect((await post('/v1/maintenance', { scope: 'stream:control', body: { dryRun: 'yes' } })).statusCode).toBe(400)
  })

  it('pause and resume a stream', async () => {
    expect((await post('/v1/streams/sightings/pause', { scope: 'stream:control' })).json()).toEqual({ stream: 'sightings', paused: true })
    const { id } = (await post('/v1/streams/sightings/runs', { key: 'paused' })).json<{ id: string }>()
    expect((await post('/v1/streams/sightings/pause')).statusCode).toBe(403)
    expect((await post('/v1/streams/sightings/resume', { scope: 'stream:control' })).json()).toEqual({ stream: 'sightings', paused: false })
    await waitUntil(async () => (await get(`/v1/runs/${id}`)).json<{ state: string }>().state === 'succeeded', { deadlineMs: 10_000 })
  })
})
