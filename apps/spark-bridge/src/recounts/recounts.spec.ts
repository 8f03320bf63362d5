import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { waitUntil } from '@millrace/service'
import { trades } from '@millrace/streams'
import { testKeys, testService, type TestKeys } from '@millrace/testing'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { sparkBridgeService } from '../spark-bridge.config.ts'
import { SparkBridgeModule } from '../spark-bridge.module.ts'
import { Twins } from '../twins.fixture.ts'
import type { RecountResource } from './recount-resource.ts'

const minute = 60_000
const noon = Date.parse('2026-01-01T12:00:00Z')
let twins: Twins
let keys: TestKeys
let app: NestFastifyApplication

beforeEach(async () => {
  twins = new Twins()
  twins.add(trades, { generation: 2, state: 'served', planHash: 'x' })
  twins.stored.set(2, {})
  twins.finalUntil = noon
  twins.ends = { 0: 7n, 1: 9n }
  keys = testKeys()
  app = await testService(SparkBridgeModule, { ...sparkBridgeService, env: { MILLRACE_KEYS_FILE: keys.file }, override: twins.override })
})
afterEach(async () => {
  await app.close()
  keys.remove()
})

const post = (payload: object, key: string | null = 'k', scope: 'ingest:trigger' | 'query:read' = 'ingest:trigger') =>
  app.inject({ method: 'POST', url: '/v1/recounts', headers: { authorization: keys.bearer(scope), ...(key !== null && { 'idempotency-key': key }) }, payload })
const get = async (id: string, scope: 'ingest:trigger' | 'query:read' | 'stream:control' = 'query:read') => app.inject({ url: `/v1/recounts/${id}`, headers: { authorization: keys.bearer(scope) } })
const ended = async (id: string): Promise<RecountResource> => {
  const look = async () => (await get(id)).json<RecountResource>()
  await waitUntil(async () => (await look()).endedAt !== null, { deadlineMs: 5_000, everyMs: 10, what: 'the recount to end' })
  return await look()
}

describe('a recount over HTTP', () => {
  it('is accepted, and shown until it has ended', async () => {
    const answer = await post({ stream: 'trades' })
    const accepted = answer.json<RecountResource>()
    expect([answer.statusCode, answer.headers.location]).toEqual([202, `/v1/recounts/${accepted.id}`])
    expect(accepted).toEqual({
      id: expect.any(String), stream: 'trades', version: 1, generation: 2, state: 'queued', verdict: null, from: '2026-01-01T10:00:00.000Z', to: '2026-01-01T12:00:00.000Z', offsets: {},
      figures: { windows: 0, compared: 0, equal: 0, different: 0, missing: 0, extra: 0 }, differences: [], error: null, createdAt: expect.any(String), endedAt: null,
    })
    expect(await ended(accepted.id)).toEqual({ ...accepted, state: 'succeeded', verdict: 'equal', offsets: { 0: 7, 1: 9 }, endedAt: expect.any(String) })
  })

  it('that finds a loss has worked, and names the window', async () => {
    const start = noon - 10 * minute
    twins.counter.windowsOf.set('per-minute', [{ group: ['ALDR'], start, end: start + minute, events: 4, appendedAt: Date.now(), measures: { high: 2.5, volume: 9 }, magnitudes: {}, ranks: {} }])
    const { id } = (await post({ stream: 'trades', version: 1, from: '2026-01-01T11:00:00Z', to: '2026-01-01T13:00:00.000+01:00' })).json<RecountResource>()
    expect(await ended(id)).toMatchObject({
      state: 'succeeded', verdict: 'different', from: '2026-01-01T11:00:00.000Z', to: '2026-01-01T12:00:00.000Z', figures: { windows: 1, compared: 1, equal: 0, missing: 1 }, error: null,
      differences: [{ view: 'per-minute', group: { symbol: 'ALDR' }, windowStart: '2026-01-01T11:50:00.000Z', windowEnd: '2026-01-01T11:51:00.000Z', kind: 'missing', table: 'both', stored: null, recounted: { events: 4, high: 2.5, volume: 9, vwap: null } }],
    })
  })

  it('is shown to whoever may read, trigger or control', async () => {
    const { id } = (await post({ stream: 'trades' })).json<RecountResource>()
    expect(await Promise.all((['query:read', 'ingest:trigger', 'stream:control'] as const).map(async (scope) => (await get(id, scope)).statusCode))).toEqual([200, 200, 200])
    expect((await post({ stream: 'trades' }, 'k', 'query:read')).statusCode).toBe(403)
  })

  it('is one for one key, however often and at once', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => post({ stream: 'trades' })))
    expect([new Set(answers.map(({ statusCode }) => statusCode)), new Set(answers.map((answer) => answer.json<RecountResource>().id)).size, twins.recounts.recounts.size]).toEqual([new Set([202]), 1, 1])
  })

  it('stays what it was when its key comes again, whatever has become final since', async () => {
    const first = (await post({ stream: 'trades' })).json<RecountResource>()
    await ended(first.id)
    twins.finalUntil = noon + 60 * minute
    expect((await post({ stream: 'trades' })).json()).toMatchObject({ id: first.id, state: 'succeeded', to: first.to })
    twins.stored.clear()
    expect((await post({ stream: 'trades' })).json()).toMatchObject({ id: first.id, state: 'succeeded' })
    const other = await post({ stream: 'trades', to: '2026-01-01T12:30:00Z' })
    expect([other.statusCode, other.json()]).toMatchObject([422, { code: 'idempotency_key_used' }])
  })

  it('that was claimed but not entered before the bridge died is entered', async () => {
    const { id } = (await post({ stream: 'trades' })).json<RecountResource>()
    await ended(id)
    twins.recounts.recounts.clear()
    expect((await post({ stream: 'trades' })).json()).toMatchObject({ id, state: 'queued' })
  })

  it('that is refused leaves its key unused', async () => {
    expect((await post({ stream: 'trades', to: '2026-01-01T12:00:01Z' })).statusCode).toBe(409)
    expect((await post({ stream: 'trades' })).statusCode).toBe(202)
  })

  it.each<[string, object, string | null, number, string]>([
    ['a stream that is not declared', { stream: 'nobody' }, 'k', 404, 'stream_unknown'],
    ['a version that is not declared', { stream: 'trades', version: 9 }, 'k', 404, 'stream_unknown'],
    ['no stream', {}, 'k', 400, 'invalid_request'],
    ['a version that is no number', { stream: 'trades', version: '1' }, 'k', 400, 'invalid_request'],
    ['an instant without an offset', { stream: 'trades', from: '2026-01-01T12:00:00' }, 'k', 400, 'invalid_request'],
    ['an instant that is none', { stream: 'trades', to: '2026-02-30T12:00:00Z' }, 'k', 400, 'invalid_request'],
    ['an instant that is null', { stream: 'trades', to: null }, 'k', 400, 'invalid_request'],
    ['a member that nobody knows', { stream: 'trades', views: [] }, 'k', 400, 'invalid_request'],
    ['no key', { stream: 'trades' }, null, 400, 'idempotency_key_required'],
    ['a key of two words', { stream: 'trades' }, 'two words', 400, 'idempotency_key_required'],
    ['what is not final', { stream: 'trades', to: '2026-01-01T12:00:00.001Z' }, 'k', 409, 'range_not_final'],
    ['more than is kept', { stream: 'trades', from: '2026-01-01T09:59:59Z' }, 'k', 400, 'range_too_long'],
  ])('refuses %s', async (_, payload, key, status, code) => {
    const answer = await post(payload, key)
    expect([answer.statusCode, answer.json(), twins.recounts.recounts.size]).toMatchObject([status, { code }, 0])
  })

  it('is refused while nothing is final', async () => {
    twins.stored.clear()
    expect((await post({ stream: 'trades' })).json()).toMatchObject({ status: 409, code: 'nothing_final' })
    expect((await post({ stream: 'earthquakes' })).json()).toMatchObject({ status: 409, code: 'nothing_final' })
  })

  it('is granted ten times a minute, repeats free', async () => {
    const answers = []
    for (let time = 0; time < 11; time += 1) answers.push((await post({ stream: 'trades' }, `k${time}`)).statusCode)
    expect(answers).toEqual([...Array.from({ length: 10 }, () => 202), 429])
    expect((await post({ stream: 'trades' }, 'k3')).statusCode).toBe(202)
  })

  it('that nobody entered is not found', async () => {
    expect((await get('nope')).json()).toMatchObject({ status: 404, code: 'recount_unknown' })
  })
})
