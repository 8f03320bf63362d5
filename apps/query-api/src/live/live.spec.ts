import { CassandraError } from '@millrace/cassandra'
import { waitUntil } from '@millrace/service'
import { testKeys, testService } from '@millrace/testing'
import { EventStream } from '@millrace/testing/event-stream'
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { QueryApiModule } from '../query-api.module.ts'
import { Twins } from '../stores.fixture.ts'

const hour = 3_600_000
const start = Date.parse('2018-02-01T00:00:00Z')
const keys = testKeys()
let twins: Twins
let app: NestFastifyApplication
let base: string
let clients: EventStream[]

const quake = (network: string, at: number, events: number, generation = 1) =>
  ({ group: [network], start: start + at * hour, end: start + (at + 1) * hour, events, generation, measures: { strongest: events / 2, meanDepthKm: 8.2 } })
const finalUntil = (at: number, storedAt = 0, generation = 1): void => {
  twins.progress[`earthquakes.v1 ${generation}`] = { finalUntil: start + at * hour, stored: { 0: 5 }, storedAt }
}
const newest = (at: number): void => {
  twins.states['earthquakes.v1'] = { highestEventTime: start + at * hour, watermark: start, isPaused: false, counts: { fetched: 6, fresh: 6, repeated: 0, rejected: 0, late: 0, published: 6 }, published: { 0: 6 } }
}
const store = (...rows: ReturnType<typeof quake>[]): void => {
  const kept = twins.windows['earthquakes.v1 per-hour'] ?? []
  twins.windows['earthquakes.v1 per-hour'] = [...kept.filter((old) => rows.every((row) => row.start !== old.start || row.group[0] !== old.group[0] || row.generation !== old.generation)), ...rows]
}

async function open(read: 'open' | 'key' = 'open'): Promise<void> {
  app = await testService(QueryApiModule, { env: { MILLRACE_READ: read, MILLRACE_KEYS_FILE: keys.file }, override: twins.override })
  await app.listen({ host: '127.0.0.1', port: 0 })
  base = await app.getUrl()
}

async function follow(path: string, headers: Record<string, string> = {}): Promise<EventStream> {
  const client = await EventStream.open(`${base}/v1/live/${path}`, headers)
  clients.push(client)
  return client
}

const rowsOf = (client: EventStream) => client.of('window').map(({ data }) => `${String(data['network'])} ${String(data['windowStart']).slice(11, 13)} ${String(data['events'])}${data['final'] === true ? ' final' : ''}`)

beforeEach(async () => {
  clients = []
  twins = new Twins()
  twins.served['earthquakes.v1'] = [{ generation: 1, floor: null }]
  finalUntil(2)
  newest(3)
  store(quake('ci', 0, 3), quake('ci', 1, 2), quake('ci', 2, 1), quake('nc', 1, 9), quake('a/b', 3, 4))
  await open()
})
afterEach(async () => {
  for (const client of clients) client.close()
  await app.close()
})
afterAll(() => {
  keys.remove()
})

describe('following a view', () => {
  it('begins with the rows there are, the oldest first, as a query answers them, and says how far they are final', async () => {
    const client = await follow('earthquakes/per-hour')
    await client.until('progress', 1)
    expect(client.response.headers.get('content-type')).toBe('text/event-stream')
    expect(client.events[0]).toEqual({ type: 'reset', id: '', data: { from: '2018-01-31T03:00:00.001Z' } })
    expect(rowsOf(client)).toEqual(['ci 00 3 final', 'nc 01 9 final', 'ci 01 2 final', 'ci 02 1', 'a/b 03 4'])
    expect(client.of('progress')[0]?.data).toEqual({ generation: 1, finalUntil: '2018-02-01T02:00:00.000Z', storedAt: '1970-01-01T00:00:00.000Z' })
    const { data: [last] } = (await app.inject('/v1/earthquakes/per-hour/a%2Fb')).json<{ data: unknown[] }>()
    expect(client.of('window').at(-1)?.data).toEqual(last)
  })

  it('goes on with each row that has changed or become final, and no other', async () => {
    const client = await follow('earthquakes/per-hour')
    await client.until('progress', 1)
    const before = client.of('window').length
    store(quake('ci', 2, 8), quake('nc', 3, 1))
    finalUntil(3, 1)
    await client.until('progress', 2)
    expect(rowsOf(client).slice(before)).toEqual(['ci 02 8 final', 'nc 03 1'])
  })

  it('goes on with a window that is newer than all others', async () => {
    const client = await follow('earthquakes/per-hour')
    await client.until('progress', 1)
    store(quake('ci', 4, 1))
    newest(4)
    await client.until('window', 6)
    expect(rowsOf(client).at(-1)).toBe('ci 04 1')
  })

  it('is that of one group where the path names it, and of the windows from an instant on', async () => {
    const ofGroup = await follow('earthquakes/per-hour/a%2Fb')
    const later = await follow('earthquakes/per-hour?from=2018-02-01T02:00:00Z')
    await Promise.all([ofGroup.until('progress', 1), later.until('progress', 1)])
    expect(rowsOf(ofGroup)).toEqual(['a/b 03 4'])
    expect(rowsOf(later)).toEqual(['ci 02 1', 'a/b 03 4'])
  })

  it('begins anew for everybody when other rows are served', async () => {
    const client = await follow('earthquakes/per-hour')
    await client.until('progress', 1)
    store(quake('ci', 2, 7, 2))
    finalUntil(1, 2, 2)
    twins.served['earthquakes.v1'] = [{ generation: 2, floor: null }]
    await client.until('reset', 2)
    await client.until('progress', 2)
    const at = client.events.map(({ type }) => type).lastIndexOf('reset')
    expect(client.events.slice(at).map(({ type }) => type)).toEqual(['reset', 'window', 'progress'])
    expect(rowsOf(client).at(-1)).toBe('ci 02 7')
  })

  it('waits where nothing is served yet', async () => {
    twins.served['earthquakes.v1'] = []
    delete twins.states['earthquakes.v1']
    await app.close()
    await open()
    const client = await follow('earthquakes/per-hour')
    expect((await client.until('reset', 1)).data).toEqual({ from: null })
    expect((await client.until('progress', 1)).data).toEqual({ generation: null, finalUntil: null, storedAt: null })
  })
})

describe('coming back', () => {
  it('gets what was not final when the connection broke, without a reset, and misses nothing', async () => {
    const first = await follow('earthquakes/per-hour')
    const { id } = await first.until('progress', 1)
    first.close()
    store(quake('ci', 2, 8), quake('ci', 5, 1))
    finalUntil(5, 1)
    newest(5)
    await app.close()
    await open()
    const second = await follow('earthquakes/per-hour', { 'last-event-id': id })
    await second.until('progress', 1)
    expect(second.of('reset')).toEqual([])
    expect(rowsOf(second)).toEqual(['ci 02 8 final', 'a/b 03 4 final', 'ci 05 1'])
  })

  it('gets no older windows than it asks for', async () => {
    const first = await follow('earthquakes/per-hour?from=2018-02-01T03:00:00Z')
    const { id } = await first.until('progress', 1)
    const second = await follow('earthquakes/per-hour?from=2018-02-01T03:00:00Z', { 'last-event-id': id })
    await second.until('progress', 1)
    expect(rowsOf(second)).toEqual(['a/b 03 4'])
  })

  it.each(['', '17', 'AAAAAAAAAAAAAAAA.1517443200000', 'x'.repeat(2_000)])("begins anew after an id that is not of what is served: %.20j", async (id) => {
    const client = await follow('earthquakes/per-hour', { 'last-event-id': id })
    await client.until('progress', 1)
    expect([client.of('reset').length, client.of('window').length]).toEqual([1, 5])
  })

  it('has an id on every event, and one that brings it on only behind all rows of a look', async () => {
    const client = await follow('earthquakes/per-hour')
    const { id } = await client.until('progress', 1)
    store(quake('ci', 2, 8))
    finalUntil(3, 1)
    await client.until('progress', 2)
    expect(client.of('window').map((event) => event.id)).toEqual(['', '', '', '', '', id])
    expect(client.of('progress')[1]?.id).not.toBe(id)
  })
})

describe('a store that is away', () => {
  const away = (): Promise<never> => Promise.reject(new CassandraError('cassandra_unreachable', 'Nobody answers at 10.0.0.7.'))

  it('is told once, without a host, and over with the next progress', async () => {
    const client = await follow('earthquakes/per-hour')
    await client.until('progress', 1)
    twins.reading = away
    expect((await client.until('problem', 1)).data).toMatchObject({ status: 503, code: 'cassandra_unreachable' })
    expect(JSON.stringify(client.events)).not.toContain('10.0.0.7')
    store(quake('ci', 2, 8))
    twins.reading = () => Promise.resolve()
    await client.until('progress', 2)
    expect(client.of('problem')).toHaveLength(1)
    expect(rowsOf(client).at(-1)).toBe('ci 02 8')
  })

  it('is the problem 503 to whoever connects meanwhile, and takes no place', async () => {
    twins.reading = away
    const client = await follow('earthquakes/per-hour')
    expect([client.response.status, client.response.headers.get('content-type')]).toEqual([503, 'application/problem+json; charset=utf-8'])
    expect((await app.inject('/metrics')).body).toContain('millrace_live_readers 0')
  })
})

describe('a feed', () => {
  it.each([
    ['earthquakes/per-minute', 404, 'nothing_declared'],
    ['tremors/per-hour', 404, 'nothing_declared'],
    ['earthquakes/per-hour/ci/x', 404, 'nothing_declared'],
    ['earthquakes/per-hour?from=yesterday', 400, 'request_refused'],
    ['earthquakes/per-hour?to=2018-02-01T00:00:00Z', 400, 'request_refused'],
    ['earthquakes/per-hour?version=2', 404, 'nothing_declared'],
    ['earthquakes/per-hour?version=x', 400, 'request_refused'],
    ['earthquakes/%zz', 400, 'bad_request'],
  ])('refuses %s before it begins', async (path, status, code) => {
    const { response } = await follow(path)
    expect([response.status, (await response.json() as { code: string }).code]).toEqual([status, code])
  })

  it('needs a key where reading does', async () => {
    await app.close()
    await open('key')
    expect((await follow('earthquakes/per-hour')).response.status).toBe(401)
    const client = await follow('earthquakes/per-hour', { authorization: keys.bearer('query:read') })
    await client.until('progress', 1)
  })

  it('lets one caller have half of all places, and gives a place back when its reader goes', async () => {
    for (let count = 0; count < 50; count++) await follow('earthquakes/per-hour/ci')
    const refused = await follow('earthquakes/per-hour/ci')
    expect([refused.response.status, refused.response.headers.get('retry-after')]).toEqual([429, '10'])
    expect((await app.inject('/metrics')).body).toContain('millrace_live_readers 50')
    clients[0]?.close()
    await waitUntil(async () => (await follow('earthquakes/per-hour/ci')).response.status === 200, { deadlineMs: 10_000, what: 'a place' })
  })

  it('refuses more rows than a reader could follow', async () => {
    store(...Array.from({ length: 11_000 }, (_, at) => quake(`n${at}`, 3, 1)))
    const { response } = await follow('earthquakes/per-hour')
    expect([response.status, (await response.json() as { code: string }).code]).toEqual([400, 'live_too_wide'])
  })

  it('ends its connections with the app, and answers HEAD without a body', async () => {
    expect((await fetch(`${base}/v1/live/earthquakes/per-hour`, { method: 'HEAD' })).status).toBe(200)
    const client = await follow('earthquakes/per-hour')
    await client.until('progress', 1)
    await app.close()
    await client.ended
  })
})
