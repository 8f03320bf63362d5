import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { waitUntil, type Scope } from '@millrace/service'
import { SparkError } from '@millrace/spark-connect'
import { earthquakes } from '@millrace/streams'
import { testKeys, testService, type TestKeys } from '@millrace/testing'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import type { QueryView } from './query-view.ts'
import { sparkBridgeService } from './spark-bridge.config.ts'
import { SparkBridgeModule } from './spark-bridge.module.ts'
import { Supervisor } from './supervise/supervisor.ts'
import { Twins } from './twins.fixture.ts'

let twins: Twins
let keys: TestKeys
let app: NestFastifyApplication

beforeEach(async () => {
  twins = new Twins()
  keys = testKeys()
  app = await testService(SparkBridgeModule, { ...sparkBridgeService, env: { MILLRACE_KEYS_FILE: keys.file }, override: twins.override })
  await rounds(4)
  twins.server.finish('earthquakes', { 0: 12, 1: 7 }, { latest: { 0: 15, 1: 7 } })
  await rounds(1)
})
afterEach(async () => {
  await app.close()
  keys.remove()
})

const rounds = async (count: number) => {
  for (let round = 0; round < count; round += 1) await app.get(Supervisor).round()
}
const list = async () => (await app.inject('/v1/queries')).json<{ data: QueryView[] }>().data
const post = (path: string, scope: Scope, payload: object) => app.inject({ method: 'POST', url: path, headers: { authorization: keys.bearer(scope) }, payload })

describe('the list of queries', () => {
  it('shows what runs, how far it is, and what is behind', async () => {
    expect(await list()).toMatchObject([
      { stream: 'earthquakes', version: 1, generation: 1, state: 'running', lastError: null, lag: { 0: 3, 1: 0 }, batch: { id: 0, inputRows: 1, durationMs: 300, processedRowsPerSecond: 10 }, stateRows: 7, droppedByWatermark: 0, duplicates: 0, malformed: 0, committedOffsets: { 0: 12, 1: 7 } },
      { stream: 'trades', state: 'starting', batch: null },
    ])
  })

  it('names what is wrong, and the remedy', async () => {
    twins.server.end('trades', new SparkError('spark_checkpoint_corrupt', 'Incomplete log file'))
    await rounds(1)
    expect((await list())[1]).toMatchObject({ state: 'checkpoint_corrupt', runId: null, lastError: { code: 'spark_checkpoint_corrupt', message: 'Incomplete log file', remedy: expect.stringContaining('rebuild') } })
  })

  it('is told in metrics, too', async () => {
    await waitUntil(async () => (await app.inject('/metrics')).body.includes('millrace_query_up{stream="earthquakes.v1",generation="1"} 1'), { deadlineMs: 5_000 })
    const { body } = await app.inject('/metrics')
    expect(body).toContain('millrace_query_lag_events{stream="earthquakes.v1",generation="1"} 3')
    expect(body).toContain('millrace_query_state{stream="earthquakes.v1",generation="1",state="running"} 1')
    expect(body).toContain('millrace_query_state_rows{stream="earthquakes.v1",generation="1"} 7')
  })
})

describe('a restart', () => {
  it('is accepted by the name of the query, whole or without its hash', async () => {
    const name = (await list())[0]?.name ?? ''
    for (const path of [name, 'earthquakes.v1.g1', 'earthquakes.v1']) {
      const answer = await post(`/v1/queries/${encodeURIComponent(path)}/restart`, 'stream:control', {})
      expect([path, answer.statusCode, answer.headers.location]).toEqual([path, 202, '/v1/queries'])
    }
    await rounds(1)
    expect(twins.server.calls.filter((call) => call.includes('earthquakes'))).toEqual([`start ${name}`, `stop ${name}`, `start ${name}`])
  })

  it('that rebuilds makes a new generation beside the served one', async () => {
    expect((await post('/v1/queries/trades.v1.g1/restart', 'stream:control', { rebuild: true })).statusCode).toBe(202)
    await rounds(1)
    expect(twins.generations.get('trades.v1')).toMatchObject([{ generation: 2, kind: 'rebuild', state: 'building' }, { generation: 1, state: 'served' }])
  })

  it.each<[string, object, string, number]>([
    ['a query that is not there', {}, 'trades.v1.g9', 404],
    ['a rebuild that is no boolean', { rebuild: 'yes' }, 'trades.v1.g1', 400],
    ['a member that nobody knows', { now: true }, 'trades.v1.g1', 400],
  ])('of %s is refused', async (_, payload, name, status) => {
    expect((await post(`/v1/queries/${name}/restart`, 'stream:control', payload)).statusCode).toBe(status)
  })

  it('is granted ten times a minute', async () => {
    const answers = []
    for (let time = 0; time < 11; time += 1) answers.push((await post('/v1/queries/trades.v1.g1/restart', 'stream:control', {})).statusCode)
    expect(answers).toEqual([...Array.from({ length: 10 }, () => 202), 429])
  })
})

describe('waiting for what is aggregated', () => {
  const ask = (offsets: object, path = '/v1/streams/earthquakes/await') => post(path, 'ingest:trigger', { offsets })

  it.each<Scope>(['ingest:trigger', 'query:read', 'stream:control'])('is for who holds a key, also of %s: it changes nothing', async (scope) => {
    expect((await post('/v1/streams/earthquakes/await', scope, { offsets: { 0: 1 } })).statusCode).toBe(200)
  })

  it('answers at once how far the windows are', async () => {
    const behind = await ask({ 0: '12', 1: 9 })
    expect([behind.statusCode, behind.json()]).toEqual([200, { reached: false, offsets: { 0: 12, 1: 7 }, lag: { 0: 0, 1: 2 } }])
    expect((await ask({ 1: 7 })).json()).toEqual({ reached: true, offsets: { 0: 12, 1: 7 }, lag: { 1: 0 } })
  })

  it('speaks of the generation that is served, however far the next one is', async () => {
    await post('/v1/queries/earthquakes.v1/restart', 'stream:control', { rebuild: true })
    await rounds(3)
    twins.server.finish('earthquakes.v1.g2', { 0: 99, 1: 99 })
    await rounds(1)
    expect((await ask({ 0: 13 })).json()).toMatchObject({ reached: false, offsets: { 0: 12, 1: 7 } })
  })

  it.each<[string, object, string, number]>([
    ['a negative offset', { 0: -1 }, '/v1/streams/earthquakes/await', 400],
    ['an offset that is no number', { 0: 'x' }, '/v1/streams/earthquakes/await', 400],
    ['a partition that the topic has not', { [earthquakes.partitions]: 1 }, '/v1/streams/earthquakes/await', 400],
    ['a version that is not declared', { 0: 1 }, '/v1/streams/earthquakes/await?version=9', 404],
    ['a stream that is not declared', { 0: 1 }, '/v1/streams/nobody/await', 404],
  ])('refuses %s', async (_, offsets, path, status) => {
    const answer = await ask(offsets, path)
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([status, expect.stringContaining('problem+json')])
  })
})
