import { hash } from 'node:crypto'
import { configureLog } from '@millrace/observability'
import { openApiDocument } from '@millrace/rest'
import { catalogue } from '@millrace/streams'
import { testService } from '@millrace/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { QueryApiModule } from '../query-api.module.ts'
import { Twins } from '../stores.fixture.ts'

configureLog({ app: 'spec', level: 'error' })

const hour = 3_600_000
const start = Date.parse('2018-02-01T00:00:00Z')
const id = hash('sha256', JSON.stringify(['earthquakes', 1, 'ci1']), 'buffer').toString('base64url', 0, 16)
const judged = { epoch: 3, seq: 7, bucket: '2018-02-01T00:00:00.000Z', run: 'r1' }

const schemas = new Ajv2020({ strict: false, validateFormats: false }).addSchema({ $id: 'openapi', components: openApiDocument(catalogue)['components'] })
const problemsOf = (value: unknown) => (schemas.validate('openapi#/components/schemas/Event', value) ? null : schemas.errors)

let twins: Twins
let app: NestFastifyApplication

beforeEach(async () => {
  twins = new Twins()
  twins.served['earthquakes.v1'] = [{ generation: 2, floor: null }]
  twins.progress['earthquakes.v1 2'] = { finalUntil: start + hour, stored: {}, storedAt: 0 }
  app = await testService(QueryApiModule, { override: twins.override })
})
afterEach(async () => { await app.close() })

const get = async (path: string) => { const answer = await app.inject(`/v1/streams/earthquakes/events${path}`); return { status: answer.statusCode, body: answer.json<Record<string, unknown> & { windows: { view: string; row: unknown }[] }>() } }

describe('an event', () => {
  it('that is published is found with its place on the topic and the windows that it counts in, by its id or by the fields of it', async () => {
    twins.judged[id] = { ...judged, place: { kind: 'published', partition: 1, offset: 42, fields: { occurredAt: start + 5_000, network: 'ci' } } }
    twins.windows['earthquakes.v1 per-hour'] = [{ group: ['ci'], start, end: start + hour, events: 12, generation: 2, measures: {} }, { group: ['nc'], start, end: start + hour, events: 1, generation: 2, measures: {} }]
    twins.windows['earthquakes.v1 _ledger'] = [{ group: [], start, end: start + hour, events: 13, generation: 2, measures: {} }]
    const { status, body } = await get(`/${id}`)
    expect([status, body]).toMatchObject([200, { id, stream: 'earthquakes', version: 1, state: 'published', run: 'r1', page: { epoch: 3, seq: 7 }, eventTime: '2018-02-01T00:00:05.000Z', topic: { topic: 'earthquakes.v1', partition: 1, offset: 42 }, late: null }])
    expect(body.windows.find(({ view }) => view === 'per-hour')).toEqual({ view: 'per-hour', group: { network: 'ci' }, start: '2018-02-01T00:00:00.000Z', end: '2018-02-01T01:00:00.000Z', path: '/v1/earthquakes/per-hour/ci?from=2018-02-01T00:00:00.000Z&to=2018-02-01T00:00:00.001Z', row: { events: 12, generation: 2, final: true } })
    expect(body.windows.find(({ view }) => view === '_ledger')?.row).toEqual({ events: 13, generation: 2, final: true })
    expect(body.windows.filter(({ row }) => row === null).length).toBe(body.windows.length - 2)
    expect(await get('?id=ci1')).toEqual({ status, body })
    expect(problemsOf(body)).toBeNull()
  })

  it('that is late is found with its letter and the windows that it would count in', async () => {
    const quake = JSON.stringify({ id: 'ci1', properties: { net: 'ci', time: start + 5_000, mag: 1, place: 'x' }, geometry: { coordinates: [0, 0, 1] } })
    twins.judged[id] = { ...judged, place: { kind: 'late' } }
    const letter = { reason: 'late', detail: 'behind', origin: '{"url":"u","page":0,"index":0}', run: 'r1', value: Buffer.from(quake), receivedAt: start, eventTime: start + 5_000 }
    twins.late['earthquakes.v1'] = [{ ...letter, eventId: 'another'.padEnd(22, 'x') }, { ...letter, eventId: id }]
    const { body } = await get(`/${id}`)
    expect(body).toMatchObject({ state: 'late', topic: null, eventTime: '2018-02-01T00:00:05.000Z', late: { id: `${start + 5_000}.${id}`, reason: 'late' } })
    expect(body.windows[0]).toMatchObject({ group: { network: 'ci' }, row: null })
    expect(problemsOf(body)).toBeNull()
  })

  it('that counts in rows of several generations is told of each whether it is final, by its own', async () => {
    twins.served['earthquakes.v1'] = [{ generation: 3, floor: null, range: { from: start - 24 * hour, to: start } }, { generation: 2, floor: null }]
    twins.progress['earthquakes.v1 3'] = { finalUntil: start, stored: {}, storedAt: 0 }
    twins.judged[id] = { ...judged, place: { kind: 'published', partition: 1, offset: 42, fields: { occurredAt: start + 5_000, network: 'ci' } } }
    twins.windows['earthquakes.v1 per-hour'] = [{ group: ['ci'], start, end: start + hour, events: 12, generation: 2, measures: {} }]
    expect((await get(`/${id}`)).body.windows.find(({ view }) => view === 'per-hour')?.row).toEqual({ events: 12, generation: 2, final: true })
  })

  it('that was late and is included is found with the rows that count it', async () => {
    const quake = JSON.stringify({ id: 'ci1', properties: { net: 'ci', time: start + 5_000, mag: 1, place: 'x' }, geometry: { coordinates: [0, 0, 1] } })
    twins.judged[id] = { ...judged, place: { kind: 'late' } }
    twins.late['earthquakes.v1'] = [{ reason: 'late', detail: 'behind', origin: '{"url":"u","page":0,"index":0}', run: 'r1', value: Buffer.from(quake), receivedAt: start, eventTime: start + 5_000, eventId: id, includedGeneration: 2 }]
    twins.windows['earthquakes.v1 per-hour'] = [{ group: ['ci'], start, end: start + hour, events: 13, generation: 2, measures: {} }]
    const { body } = await get(`/${id}`)
    expect(body).toMatchObject({ state: 'late', late: { includedGeneration: 2 } })
    expect(body.windows.find(({ view }) => view === 'per-hour')?.row).toEqual({ events: 13, generation: 2, final: true })
    expect(problemsOf(body)).toBeNull()
  })

  it('that was judged before places were kept is found with its page', async () => {
    twins.judged[id] = { ...judged, run: null, place: null }
    expect((await get(`/${id}`)).body).toMatchObject({ state: 'judged', run: null, page: { epoch: 3, seq: 7 }, topic: null, windows: [], late: null })
  })

  it('that nobody has judged is not there: the answer says how far back ids are kept', async () => {
    const { status, body } = await get(`/${id}`)
    expect([status, body['code'], body['detail']]).toEqual([404, 'nothing_declared', expect.stringContaining('longer ago than ids are kept')])
    twins.isSearchComplete = false
    expect(await get(`/${id}`)).toMatchObject({ status: 400, body: { code: 'event_search_too_wide' } })
  })

  it.each([['/short', 'id'], ['?network=ci&id=x', 'network'], ['', 'id'], [`/${id}?time=today`, 'time'], [`/${id}?version=0`, 'version'], ['?id=a&id=b', 'id']])('asked for by %j is refused: %s', async (path, field) => {
    const { status, body } = await get(path)
    expect([status, (body['errors'] as { field: string }[])[0]?.field]).toEqual([400, field])
  })
})
