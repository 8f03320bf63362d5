import { CassandraError, CassandraSession, firstTopic, type DeadLetter } from '@millrace/cassandra'
import { encodeMarker, encodeWindow, letterRecord, type WindowRecord } from '@millrace/kafka'
import { waitUntil, type Scope } from '@millrace/service'
import { earthquakes } from '@millrace/streams'
import { testKeys, testService, type TestKeys } from '@millrace/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { materializerService } from './materializer.config.ts'
import { MaterializerModule } from './materializer.module.ts'
import { Twins } from './stores.fixture.ts'

const hour = 3_600_000
const start = Date.parse('2018-02-01T10:00:00Z')
const window = (change: Partial<WindowRecord> = {}) => encodeWindow({ view: 'per-hour', group: ['ci'], start, end: start + hour, events: 2, generation: 1, measures: { strongest: 3.1 }, ...change })
const marker = (generation: number, watermark: number, offset: string) => encodeMarker({ kind: 'progress', stream: 'earthquakes', version: 1, generation, watermark, offsets: { 0: offset } })

let twins: Twins
let keys: TestKeys
let app: NestFastifyApplication

beforeEach(async () => {
  twins = new Twins()
  keys = testKeys()
  app = await testService(MaterializerModule, { ...materializerService, env: { MILLRACE_KEYS_FILE: keys.file }, override: twins.override })
})
afterEach(async () => {
  await app.close()
  keys.remove()
})

const deliver = (records: Parameters<Twins['source']['deliver']>[1], topic = 'earthquakes.v1.windows') => twins.source.deliver(topic, records, { partition: 1, timestamp: start })

describe('a batch of windows', () => {
  it('is committed when its rows, its letters and then its progress are stored', async () => {
    await deliver([window(), marker(1, 100, '5'), window({ group: ['nc'] }), { key: Buffer.from('k'), value: Buffer.from('{"view":') }, marker(1, 200, '9'), marker(2, 50, '1')])
    expect(twins.stored).toMatchObject([
      { rows: [{ view: 'per-hour', groupKey: '["ci"]' }, { groupKey: '["nc"]' }] },
      { dead: [{ topic: 'earthquakes.v1.windows', partition: 1, offset: 3, reason: 'window-malformed' }] },
      { progress: { generation: 1, partition: 1, finalUntil: 200, offsets: { 0: 9 } } },
      { progress: { generation: 2, partition: 1, finalUntil: 50, offsets: { 0: 1 } } },
    ])
    expect(twins.source.committed('earthquakes.v1.windows', 1)).toBe(6n)
    expect((await app.inject({ url: '/metrics' })).body).toContain('millrace_final_until_seconds{stream="earthquakes.v1",generation="1",partition="1"} 0.2')
  })

  it('waits while Cassandra is away, and is stored when it is back: an outage makes no dead letters', async () => {
    twins.isAway = true
    const delivery = deliver([window(), marker(1, 100, '5')])
    await waitUntil(async () => (await app.inject({ url: '/metrics' })).body.includes('millrace_store_retries_total{topic="earthquakes.v1.windows"}'), { deadlineMs: 5_000 })
    expect(twins.stored).toEqual([])
    expect(twins.source.committed('earthquakes.v1.windows', 1)).toBe(0n)
    twins.isAway = false
    await delivery
    expect(twins.stored).toMatchObject([{ rows: [{ events: 2 }] }, { progress: { finalUntil: 100 } }])
  })

  it('is stored but for the row that Cassandra refuses for what it holds: that is a dead letter', async () => {
    twins.refuses = ['["nc"]']
    await deliver([window(), window({ group: ['nc'] }), window({ group: ['us'] }), marker(1, 100, '5')])
    expect(twins.stored).toMatchObject([
      { rows: [{ groupKey: '["ci"]' }] }, { rows: [{ groupKey: '["us"]' }] },
      { dead: [{ topic: 'earthquakes.v1.windows', partition: 1, offset: 1, reason: 'window-refused', detail: 'Refused, says the test.', value: window({ group: ['nc'] }).value }] },
      { progress: { finalUntil: 100 } },
    ])
    expect(twins.source.committed('earthquakes.v1.windows', 1)).toBe(4n)
  })

  it('is not committed when Cassandra accepts none of its rows: that is no matter of a row', async () => {
    twins.refuses = ['["nc"]', '["ci"]']
    await expect(deliver([window(), window({ group: ['nc'] })])).rejects.toThrow('none of 2 rows is accepted')
    expect([twins.stored, twins.source.committed('earthquakes.v1.windows', 1)]).toEqual([[], 0n])
  })

  it('is not committed after a failure that trying again cannot mend, and the failure reaches the source as it is', async () => {
    twins.failure = new CassandraError('cassandra_request_refused', 'a mistake')
    await expect(deliver([window()])).rejects.toBe(twins.failure)
    expect(twins.source.committed('earthquakes.v1.windows', 1)).toBe(0n)
  })
})

describe('without Cassandra', () => {
  it('the worker is alive, not ready, takes no work, and stops cleanly', async () => {
    const session = CassandraSession.connect({ contactPoints: ['127.0.0.1:1'], datacenter: 'datacenter1', keyspace: 'k', replicationFactor: 1, user: 'u', password: 'p' })
    const unhandled: unknown[] = []
    const note = (error: unknown): void => { unhandled.push(error) }
    process.on('unhandledRejection', note)
    const other = await testService(MaterializerModule, {
      ...materializerService, env: { MILLRACE_KEYS_FILE: keys.file },
      override: (builder) => new Twins().override(builder).overrideProvider(CassandraSession).useValue(session),
    })
    expect((await other.inject('/health/live')).statusCode).toBe(200)
    expect((await other.inject('/health/ready')).json()).toMatchObject({ checks: { cassandra: 'cassandra_unreachable' } })
    await other.close()
    await new Promise(setImmediate)
    process.off('unhandledRejection', note)
    expect(unhandled).toEqual([])
  })
})

describe('letters', () => {
  const letter = { key: 'id1', value: Buffer.from('{}'), reason: 'late', detail: 'd', origin: { url: 'u', page: 0, index: 1 }, run: 'r' }

  it('of both kinds are kept by their kind', async () => {
    await deliver([letterRecord({ ...letter, eventTime: 5 })], 'earthquakes.v1.late')
    await deliver([letterRecord({ ...letter, reason: 'schema' })], 'earthquakes.v1.dead-letters')
    expect(twins.stored).toMatchObject([
      { late: [{ eventId: 'id1', eventTime: 5, reason: 'late', receivedAt: start }] },
      { dead: [{ topic: 'earthquakes.v1.dead-letters', partition: 1, offset: 0, key: 'id1', reason: 'schema' }] },
    ])
  })
})

describe('windows that an older declaration refused', () => {
  const letter = (change: Partial<WindowRecord>, { reason = 'window-refused', receivedAt = Date.now() } = {}): DeadLetter => ({
    topic: 'earthquakes.v1.windows', partition: 0, offset: 1, key: '', reason, detail: '', origin: '{}', run: '', eventTime: null, receivedAt, value: window(change).value,
  })

  it("are stored after the start where today's declaration accepts them, within the retention", async () => {
    await app.close()
    twins = new Twins()
    twins.kept = [
      letter({ events: 1 }), letter({ view: 'per-day', events: 2 }), letter({ events: 3 }, { reason: 'window-malformed' }),
      letter({ events: 4 }, { receivedAt: Date.now() - earthquakes.retentionMs - hour }),
    ]
    app = await testService(MaterializerModule, { ...materializerService, env: { MILLRACE_KEYS_FILE: keys.file }, override: twins.override })
    await waitUntil(() => twins.stored.length > 0, { deadlineMs: 5_000 })
    expect(twins.stored).toMatchObject([{ rows: [{ view: 'per-hour', events: 1 }] }])
  })
})

describe('waiting for what is stored', () => {
  const ask = (payload: object, path = '/v1/streams/earthquakes/await', scope: Scope = 'ingest:trigger') => app.inject({ method: 'POST', url: path, headers: { authorization: keys.bearer(scope) }, payload })

  it.each<Scope>(['ingest:trigger', 'query:read', 'stream:control'])('is for who holds a key, also of %s: it changes nothing', async (scope) => {
    expect((await ask({ offsets: { 0: 1 } }, '/v1/streams/earthquakes/await', scope)).statusCode).toBe(200)
  })

  it('answers how far the served generation is', async () => {
    twins.served = [{ generation: 3, floor: null }]
    twins.progress = { finalUntil: 0, offsets: { 0: 12, 1: 7 }, updatedAt: 0 }
    const behind = await ask({ offsets: { 0: '12', 1: 9 } })
    expect([behind.statusCode, behind.json()]).toEqual([200, { reached: false, offsets: { 0: 12, 1: 7 }, lag: { 0: 0, 1: 2 } }])
    expect((await ask({ offsets: { 1: 7 } })).json()).toEqual({ reached: true, offsets: { 0: 12, 1: 7 }, lag: { 1: 0 } })
  })

  it('takes no offset of a topic that is gone for one of the topic that took its place', async () => {
    twins.served = [{ generation: 3, floor: null }]
    twins.progress = { finalUntil: 0, offsets: { 0: 12, 1: 7 }, updatedAt: 0 }
    const reached = async () => (await ask({ offsets: { 0: 5 } })).json<{ reached: boolean }>().reached
    expect(await reached()).toBe(true)
    for (const topic of [{ ...firstTopic, isReplaced: true }, { ...firstTopic, incarnation: 1 }]) {
      twins.topic = topic
      expect(await reached()).toBe(false)
    }
    twins.served = [{ generation: 4, floor: null, incarnation: 1 }, { generation: 3, floor: null }]
    expect(await reached()).toBe(true)
  })

  it('has stored nothing while no generation is served', async () => {
    expect((await ask({ offsets: { 0: 1 } })).json()).toEqual({ reached: false, offsets: {}, lag: { 0: 1 } })
  })

  it.each<[string, object, string, number]>([
    ['no offsets', {}, '/v1/streams/earthquakes/await', 400],
    ['a list', { offsets: [1] }, '/v1/streams/earthquakes/await', 400],
    ['a negative offset', { offsets: { 0: -1 } }, '/v1/streams/earthquakes/await', 400],
    ['an offset that is no number', { offsets: { 0: 'x' } }, '/v1/streams/earthquakes/await', 400],
    ['a member that nobody knows', { offsets: { 0: 1 }, wait: true }, '/v1/streams/earthquakes/await', 400],
    ['a partition that the topic has not', { offsets: { [earthquakes.partitions]: 1 } }, '/v1/streams/earthquakes/await', 400],
    ['a version that is no number', { offsets: { 0: 1 } }, '/v1/streams/earthquakes/await?version=x', 400],
    ['a version that is not declared', { offsets: { 0: 1 } }, '/v1/streams/earthquakes/await?version=9', 404],
    ['a stream that is not declared', { offsets: { 0: 1 } }, '/v1/streams/nobody/await', 404],
  ])('refuses %s', async (_, payload, path, status) => {
    const answer = await ask(payload, path)
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([status, expect.stringContaining('problem+json')])
  })

  it('answers 503 while Cassandra is away', async () => {
    twins.isAway = true
    const answer = await ask({ offsets: { 0: 1 } })
    expect([answer.statusCode, answer.headers['retry-after'], answer.json<{ code: string }>().code]).toEqual([503, '5', 'cassandra_unreachable'])
  })
})
