import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import type { ReadWindow } from '@millrace/cassandra'
import { eventId } from '@millrace/kafka'
import { waitUntil, type Scope } from '@millrace/service'
import { earthquakes } from '@millrace/streams'
import { testKeys, testService, type TestKeys } from '@millrace/testing'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { sparkBridgeService } from '../spark-bridge.config.ts'
import { SparkBridgeModule } from '../spark-bridge.module.ts'
import { Twins } from '../twins.fixture.ts'
import { declaredPlan } from './build-range.ts'
import { ReplayDesk } from './replay-desk.ts'
import type { ReplayResource } from './replay-resource.ts'

jest.setTimeout(30_000)

const hour = 3_600_000
const start = Date.parse('2018-02-01T00:00:00Z')
const iso = (hours: number) => new Date(start + hours * hour).toISOString()

let twins: Twins
let keys: TestKeys
let app: NestFastifyApplication

beforeEach(async () => {
  twins = new Twins()
  twins.add(earthquakes, { generation: 1, state: 'served', planHash: declaredPlan(earthquakes) })
  twins.stored.set(1, {})
  twins.finalUntil = start + 10 * hour
  twins.ends = { 0: 7n, 1: 9n }
  twins.builder.onBuild = ({ generation }) => { twins.stored.set(generation, {}) }
  keys = testKeys()
  app = await testService(SparkBridgeModule, { ...sparkBridgeService, env: { MILLRACE_KEYS_FILE: keys.file }, override: twins.override })
})
afterEach(async () => {
  await app.close()
  keys.remove()
})

let used = 0
const post = (path: string, payload: object = {}, { key = `k${(used += 1)}`, scope = 'stream:control' }: { key?: string | null; scope?: Scope } = {}) =>
  app.inject({ method: 'POST', url: `/v1/${path}`, headers: { authorization: keys.bearer(scope), ...(key !== null && { 'idempotency-key': key }) }, payload })
const get = (path: string, scope: Scope = 'query:read') => app.inject({ url: `/v1/${path}`, headers: { authorization: keys.bearer(scope) } })
const built = async (id: string): Promise<ReplayResource> => {
  const look = async () => (await get(`replays/${id}`)).json<ReplayResource>()
  await waitUntil(async () => !['queued', 'running'].includes((await look()).state), { deadlineMs: 20_000, everyMs: 10, what: 'the replay to be built' })
  return await look()
}
const range = { from: iso(0), to: iso(2) }
const row = (events: number, generation: number): ReadWindow => ({ group: { network: 'ci' }, windowStart: start + hour, windowEnd: start + 2 * hour, events, generation, measures: {} })

describe('a replay over HTTP', () => {
  it('is entered once a key, and found where its answer says', async () => {
    const first = await post('streams/earthquakes/replays', range, { key: 'one' })
    const { id } = first.json<ReplayResource>()
    expect([first.statusCode, first.headers.location, first.json()]).toMatchObject([202, `/v1/replays/${id}`, { kind: 'replay', state: 'queued', dryRun: true, ...range, generation: null, late: null }])
    expect((await post('streams/earthquakes/replays', range, { key: 'one' })).json<ReplayResource>().id).toBe(id)
    expect((await post('streams/earthquakes/replays', { ...range, to: iso(3) }, { key: 'one' })).statusCode).toBe(422)
    expect((await post('streams/earthquakes/replays', range, { key: null })).statusCode).toBe(400)
    await built(id)
    expect((await get('streams/earthquakes/replays')).json()).toMatchObject({ data: [{ id, state: 'ready' }] })
  })

  it('shows what differs, as it is served and as it is built, and is promoted by a second call', async () => {
    twins.tables.byTime.set('per-hour', [row(3, 1)])
    twins.tables.byGroup.set('per-hour', [{ ...row(3, 1), events: 4 }])
    const { id } = (await post('streams/earthquakes/replays', range)).json<ReplayResource>()
    expect(await built(id)).toMatchObject({ state: 'ready', generation: 2, error: null })
    expect(twins.generations.get('earthquakes.v1')?.map(({ generation, state }) => `${generation} ${state}`)).toEqual(['2 building', '1 served'])
    for (const time of ['once', 'again']) {
      const promoted = await post(`replays/${id}/promote`)
      expect([time, promoted.statusCode, promoted.json<ReplayResource>().state]).toEqual([time, 200, 'succeeded'])
    }
    expect(twins.generations.get('earthquakes.v1')?.map(({ generation, state }) => `${generation} ${state}`)).toEqual(['2 served', '1 served'])
    expect((await post(`replays/${id}/discard`)).json()).toMatchObject({ status: 409, code: 'replay_not_ready' })
  })

  it('is not promoted over what somebody else has promoted since, and is discarded', async () => {
    const [one, other] = [(await post('streams/earthquakes/replays', range)).json<ReplayResource>().id, (await post('streams/earthquakes/replays', { from: iso(1), to: iso(3) })).json<ReplayResource>().id]
    await built(one)
    await built(other)
    expect((await post(`replays/${other}/promote`)).statusCode).toBe(200)
    expect((await post(`replays/${one}/promote`)).json()).toMatchObject({ status: 409, code: 'replay_outdated' })
    for (const time of [1, 2]) expect([time, (await post(`replays/${one}/discard`)).json<ReplayResource>().state]).toEqual([time, 'discarded'])
    expect(twins.generations.get('earthquakes.v1')?.map(({ state }) => state)).toEqual(['served', 'retired', 'served'])
  })

  it('that nobody promotes is discarded after a day', async () => {
    const { id } = (await post('streams/earthquakes/replays', range)).json<ReplayResource>()
    await built(id)
    const desk = app.get(ReplayDesk)
    expect(await desk.sweep({ dryRun: false })).toEqual({ discarded: [], removed: 0 })
    const replay = twins.replays.replays.get(id)
    if (replay) twins.replays.replays.set(id, { ...replay, createdAt: replay.createdAt - 25 * hour })
    expect(await desk.sweep({ dryRun: true })).toEqual({ discarded: [id], removed: 0 })
    expect((await built(id)).state).toBe('ready')
    expect(await desk.sweep({ dryRun: false })).toEqual({ discarded: [id], removed: 0 })
    expect((await built(id)).state).toBe('discarded')
  })

  it.each<[string, object, number, string]>([
    ['cuts windows', { from: iso(0.5), to: iso(2) }, 400, 'range_unaligned'],
    ['is not final', { from: iso(0), to: iso(11) }, 409, 'range_not_replayable'],
    ['is empty', { from: iso(1), to: iso(1) }, 400, 'range_empty'],
    ['has no end', { from: iso(1) }, 400, 'invalid_request'],
    ['has an instant without its offset', { from: '2018-02-01T00:00:00', to: iso(1) }, 400, 'invalid_request'],
  ])('of a range that %s is refused', async (_, body, status, code) => {
    expect((await post('streams/earthquakes/replays', body)).json()).toMatchObject({ status, code })
  })

  it('is refused while nothing is final, another plan is being built, or the stream is not declared', async () => {
    expect((await post('streams/nobody/replays', range)).json()).toMatchObject({ status: 404 })
    twins.add(earthquakes, { generation: 2, state: 'served', planHash: 'older' })
    twins.stored.set(2, {})
    expect((await post('streams/earthquakes/replays', range)).json()).toMatchObject({ status: 409, code: 'plan_pending' })
    twins.stored.delete(2)
    expect((await post('streams/earthquakes/replays', range)).json()).toMatchObject({ status: 409, code: 'nothing_final' })
  })

  it('is for who may control the stream; who may read may look', async () => {
    for (const scope of ['ingest:trigger', 'query:read'] as const) {
      expect((await post('streams/earthquakes/replays', range, { scope })).statusCode).toBe(403)
      expect((await post('replays/x/promote', {}, { scope })).statusCode).toBe(403)
      expect((await get('replays/x', scope)).statusCode).toBe(404)
    }
  })
})

describe('the inclusion of late events over HTTP', () => {
  const late = (id: string, at: number) => {
    const event = { id, network: 'ci', place: 'here', depthKm: 1, occurredAt: at }
    twins.inclusions.letters.push({ eventId: eventId(earthquakes, event), eventTime: at, reason: 'late', detail: '', origin: '{"topic":"earthquakes.v1","partition":0,"offset":"1"}', run: '', receivedAt: 0, value: Buffer.from(JSON.stringify(event)) })
    return eventId(earthquakes, event)
  }

  it('takes all that count in final windows, and leaves the others', async () => {
    late('a', start + hour)
    late('b', start + 8 * hour)
    const answer = await post('streams/earthquakes/late/include')
    expect(answer.statusCode).toBe(202)
    expect(await built(answer.json<ReplayResource>().id)).toMatchObject({ kind: 'include', state: 'succeeded', dryRun: false, late: { chosen: 1, open: 1 }, generation: 2 })
  })

  it('of some that are named is refused where they are not final yet, with when', async () => {
    const [a, b] = [late('a', start + hour), late('b', start + 8 * hour)]
    expect((await post('streams/earthquakes/late/include', { ids: [a, b] })).json()).toMatchObject({ status: 409, code: 'late_not_final', openUntil: iso(14), finalUntil: iso(10) })
    expect((await post('streams/earthquakes/late/include', { from: iso(0), to: iso(9) })).json()).toMatchObject({ status: 409, code: 'late_not_final' })
    expect((await post('streams/earthquakes/late/include', { ids: [a, 'nobody'] })).json()).toMatchObject({ status: 404, code: 'late_unknown' })
    expect((await post('streams/earthquakes/late/include', { ids: [a] })).statusCode).toBe(202)
  })

  it('as a dry run waits for its promotion', async () => {
    late('a', start + hour)
    const { id } = (await post('streams/earthquakes/late/include', { dryRun: true })).json<ReplayResource>()
    expect(await built(id)).toMatchObject({ state: 'ready', dryRun: true })
    expect((await post(`replays/${id}/promote`)).json()).toMatchObject({ state: 'succeeded', late: { chosen: 1 } })
  })

  it.each([{ ids: [] }, { ids: 'a' }, { dryRun: 'yes' }, { from: 'yesterday' }, { all: true }])('refuses the body %j', async (body) => {
    expect((await post('streams/earthquakes/late/include', body)).statusCode).toBe(400)
  })
})
