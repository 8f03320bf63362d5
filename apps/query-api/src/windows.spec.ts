import { CassandraError } from '@millrace/cassandra'
import { testKeys, testService } from '@millrace/testing'
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { QueryApiModule } from './query-api.module.ts'
import { Twins } from './stores.fixture.ts'

const hour = 3_600_000
/** What a busy machine may add to the two seconds. */
const busyMs = 3_000
const start = Date.parse('2018-02-01T00:00:00Z')
const keys = testKeys()
let twins: Twins
let app: NestFastifyApplication

const quake = (network: string, at: number, events: number, generation = 1) =>
  ({ group: [network], start: start + at * hour, end: start + (at + 1) * hour, events, generation, measures: { strongest: events / 2, meanDepthKm: 8.2 } })

async function open(read: 'open' | 'key' = 'open'): Promise<void> {
  app = await testService(QueryApiModule, { env: { MILLRACE_READ: read, MILLRACE_KEYS_FILE: keys.file }, override: twins.override })
}

const get = async (url: string, scope?: 'query:read' | 'admin') => app.inject({ url, headers: scope === undefined ? {} : { authorization: keys.bearer(scope) } })

interface Page { data: Record<string, unknown>[]; page: { next: string | null } }
const page = async (url: string, scope?: 'query:read' | 'admin'): Promise<Page> => {
  const answer = await get(url, scope)
  if (answer.statusCode !== 200) throw new Error(`${url}: ${answer.statusCode} ${answer.body}`)
  return answer.json()
}

beforeEach(() => {
  twins = new Twins()
  twins.served['earthquakes.v1'] = [{ generation: 1, floor: null }]
  twins.progress['earthquakes.v1 1'] = { finalUntil: start + 2 * hour, stored: { 0: 5 }, storedAt: 0 }
  twins.states['earthquakes.v1'] = { highestEventTime: start + 3 * hour, watermark: start, isPaused: false, counts: { fetched: 6, fresh: 6, repeated: 0, rejected: 0, late: 0, published: 6 }, published: { 0: 6 } }
  twins.windows['earthquakes.v1 per-hour'] = [quake('ci', 0, 3), quake('ci', 1, 2), quake('ci', 2, 1), quake('nc', 1, 9), quake('a/b', 3, 4)]
})
afterEach(async () => {
  await app.close()
})
afterAll(() => {
  keys.remove()
})

describe('the windows of a view', () => {
  it('are those of one group, newest first, under the declared names', async () => {
    await open()
    const { data, page: { next } } = await page('/v1/earthquakes/per-hour/ci')
    expect(next).toBeNull()
    expect(data.map(({ windowStart, final }) => [windowStart, final])).toEqual([
      ['2018-02-01T02:00:00.000Z', false],
      ['2018-02-01T01:00:00.000Z', true],
      ['2018-02-01T00:00:00.000Z', true],
    ])
    expect(data[0]).toEqual({ network: 'ci', windowStart: '2018-02-01T02:00:00.000Z', windowEnd: '2018-02-01T03:00:00.000Z', events: 1, strongest: 0.5, meanMagnitude: null, meanDepthKm: 8.2, final: false })
  })

  it('are those of all groups where the path names none', async () => {
    await open()
    expect((await page('/v1/earthquakes/per-hour')).data.map(({ network }) => network)).toEqual(['a/b', 'ci', 'ci', 'nc', 'ci'])
    expect((await page('/v1/earthquakes/per-hour/a%2Fb')).data).toHaveLength(1)
  })

  it('are asked for from 24 windows before the highest event time, or as the query says', async () => {
    await open()
    await page('/v1/earthquakes/per-hour')
    await page('/v1/earthquakes/per-hour?from=2018-02-01T00:00:00Z&to=2018-02-01T01:00:00Z&limit=7')
    expect(twins.asked.map(({ range, limit }) => ({ ...range, limit }))).toEqual([
      { from: start + 3 * hour + 1 - 24 * hour, to: start + 3 * hour + 1, limit: 100 },
      { from: start, to: start + hour, limit: 7 },
    ])
  })

  it('include the hidden view of the ledger', async () => {
    twins.windows['earthquakes.v1 _ledger'] = [{ group: [], start, end: start + hour, events: 12, generation: 1, measures: {} }]
    await open()
    expect((await page('/v1/earthquakes/_ledger')).data).toEqual([{ windowStart: '2018-02-01T00:00:00.000Z', windowEnd: '2018-02-01T01:00:00.000Z', events: 12, final: true }])
  })

  it.each([['nothing is served', () => { twins.served['earthquakes.v1'] = [] }], ['no event has come', () => { delete twins.states['earthquakes.v1'] }]])('are none while %s', async (_, change) => {
    change()
    await open()
    expect(await page('/v1/earthquakes/per-hour')).toEqual({ data: [], page: { next: null } })
    expect(twins.asked).toEqual([])
  })
})

describe('paging', () => {
  it('gives every row once and ends', async () => {
    await open()
    const seen: unknown[] = []
    for (let next: string | null = ''; next !== null;) {
      const answer: Page = await page(`/v1/earthquakes/per-hour?limit=2${next === '' ? '' : `&cursor=${next}`}`)
      seen.push(...answer.data.map(({ network, windowStart }) => `${String(network)} ${String(windowStart).slice(11, 13)}`))
      next = answer.page.next
    }
    expect(seen).toEqual(['a/b 03', 'ci 02', 'ci 01', 'nc 01', 'ci 00'])
  })

  it('keeps the range and the generations of the first page, whatever comes in between', async () => {
    await open()
    const { page: { next } } = await page('/v1/earthquakes/per-hour?limit=2')
    twins.served['earthquakes.v1'] = [{ generation: 2, floor: null }]
    twins.states['earthquakes.v1'] = { ...twins.states['earthquakes.v1'], highestEventTime: start + 90 * hour } as never
    await page(`/v1/earthquakes/per-hour?limit=2&cursor=${next ?? ''}`)
    const [first, second] = twins.asked
    expect(second?.range).toEqual(first?.range)
    expect(second?.generations).toEqual([{ generation: 1, floor: null }])
  })

  it('refuses a token of another query, another caller, or nobody', async () => {
    await open('key')
    const { page: { next } } = await page('/v1/earthquakes/per-hour?limit=1', 'query:read')
    const token = next ?? ''
    expect((await get(`/v1/earthquakes/per-hour?limit=1&cursor=${token}`, 'query:read')).statusCode).toBe(200)
    for (const [url, scope] of [
      [`/v1/earthquakes/per-hour?cursor=${token}`, 'admin'],
      [`/v1/earthquakes/per-hour/ci?cursor=${token}`, 'query:read'],
      [`/v1/earthquakes/six-hours?cursor=${token}`, 'query:read'],
      [`/v1/earthquakes/per-hour?from=2018-02-01T00:00:00Z&cursor=${token}`, 'query:read'],
      [`/v1/earthquakes/per-hour?cursor=${token.slice(0, -1)}`, 'query:read'],
      ['/v1/earthquakes/per-hour?cursor=made.up', 'query:read'],
    ] as const) {
      const answer = await get(url, scope)
      expect([url, answer.statusCode]).toEqual([url, 400])
      expect(answer.json()).toMatchObject({ code: 'request_refused', errors: [{ field: 'cursor', in: 'query' }] })
    }
  })
})

describe('a question that cannot be answered', () => {
  it('lists every wrong parameter with what was found, what was expected and the cure', async () => {
    await open()
    const answer = await get('/v1/earthquakes/per-hour/much-too-long?from=x&limit=0')
    expect(answer.statusCode).toBe(400)
    expect(answer.headers['content-type']).toContain('application/problem+json')
    expect(answer.json()).toMatchObject({ errors: [{ field: 'network', found: "'much-too-long'", expected: 'a text of 1 to 8 characters', cure: expect.any(String) }] })
    expect((await get('/v1/earthquakes/per-hour/ci?from=x&limit=0&q=1')).json<{ errors: { field: string }[] }>().errors.map(({ field }) => field)).toEqual(['q', 'from', 'limit'])
    expect((await get('/v1/earthquakes/per-hour/ci?from=2017-01-01T00:00:00Z&to=2018-01-01T00:00:00Z')).json()).toMatchObject({ status: 400, errors: [{ field: 'from', expected: 'at most 64 days in one query' }] })
    expect((await get('/v1/earthquakes/per-hour/ci?from=2018-01-01T00:00:00Z&from=2018-01-01T00:00:00Z')).json()).toMatchObject({ status: 400, errors: [{ field: 'from', found: 'given more than once' }] })
  })

  it.each([
    ['/v1/quakes/per-hour', '/v1/earthquakes'],
    ['/v2/earthquakes/per-hour', '/v1/earthquakes'],
    ['/v1/earthquakes', '/v1/earthquakes/per-hour/{network}'],
    ['/v1/earthquakes/per-week', '/v1/earthquakes/six-hours'],
    ['/v1/earthquakes/per-hour/ci/x', '/v1/earthquakes/per-hour/{network}'],
    ['/v1/earthquakes/per-hour/', '/v1/earthquakes/per-hour/{network}'],
  ])('lists what exists for %s', async (url, shown) => {
    await open()
    const answer = await get(url)
    expect([url, answer.statusCode]).toEqual([url, 404])
    expect(answer.json<{ exists: string[] }>().exists).toContain(shown)
  })

  it('is 503 with Retry-After within two seconds when the store never answers', async () => {
    twins.reading = () => new Promise(() => undefined)
    await open()
    const before = performance.now()
    const answers = await Promise.all(['/v1/earthquakes/per-hour', '/v1/streams', '/v1/streams/trades'].map((url) => get(url)))
    expect(performance.now() - before).toBeLessThan(2_000 + busyMs)
    for (const answer of answers) {
      expect(answer.statusCode).toBe(503)
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
    }
  })

  it('is 503 with Retry-After at once when the store is away, and says nothing of where it is', async () => {
    twins.reading = () => Promise.reject(new CassandraError('cassandra_unreachable', 'no node at 10.1.2.3'))
    await open()
    const answer = await get('/v1/earthquakes/per-hour')
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '5'])
    expect(answer.body).not.toContain('10.1.2.3')
    twins.reading = () => Promise.resolve()
    expect((await get('/v1/earthquakes/per-hour')).statusCode).toBe(200)
  })

  it('is 429 with Retry-After beyond the rate, for that caller alone', async () => {
    twins.ratePerSecond = 2
    await open('key')
    const answers = await Promise.all([1, 2, 3].map(() => get('/v1/earthquakes/per-hour', 'query:read')))
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 200, 429])
    expect(answers.find(({ statusCode }) => statusCode === 429)?.headers['retry-after']).toBe('1')
    expect((await get('/v1/earthquakes/per-hour', 'admin')).statusCode).toBe(200)
  })
})
