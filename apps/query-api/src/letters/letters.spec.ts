import { configureLog } from '@millrace/observability'
import { openApiDocument, type StoredDead, type StoredLate } from '@millrace/rest'
import { catalogue } from '@millrace/streams'
import { testService } from '@millrace/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { QueryApiModule } from '../query-api.module.ts'
import { Twins } from '../stores.fixture.ts'

configureLog({ app: 'spec', level: 'error' })

const start = Date.parse('2018-02-01T00:00:00Z')
const eventId = 'q5mZ0mC8u0m1o1yqk6v2Gw'
const schemas = new Ajv2020({ strict: false, validateFormats: false }).addSchema({ $id: 'openapi', components: openApiDocument(catalogue)['components'] })
const problemsOf = (schema: string, value: unknown) => (schemas.validate(`openapi#/components/schemas/${schema}`, value) ? null : schemas.errors)

const quake = (network: string, seconds: number) => JSON.stringify({ type: 'Feature', id: `${network}${seconds}`, properties: { net: network, time: start + seconds * 1_000, updated: start, mag: 1, place: 'x' }, geometry: { coordinates: [0, 0, 1] } })
const late = (index: number, change: Partial<StoredLate> = {}): StoredLate => ({
  eventId: `${eventId.slice(0, 20)}${String(index).padStart(2, '0')}`, eventTime: start + index * 1_000, reason: 'late', detail: 'behind', origin: '{"url":"http://h/","page":1,"index":2}', run: 'r', value: Buffer.from(quake('ci', index)), receivedAt: start, ...change,
})
const dead = (offset: number, change: Partial<StoredDead> = {}): StoredDead => ({
  day: '2018-02-01', topic: 'earthquakes.v1.dead-letters', partition: 0, offset, key: '{}', eventTime: null, attempts: 0, lastAttempt: null, redriven: null, reason: 'schema', detail: '/magnitude must be number', origin: '{"url":"http://h/","page":0,"index":7}', run: '', value: Buffer.from('{"a":1}'), receivedAt: Date.now() - 1_000, ...change,
})

let twins: Twins
let app: NestFastifyApplication

beforeEach(async () => {
  twins = new Twins()
  twins.states['earthquakes.v1'] = { highestEventTime: start + 60_000, watermark: start, isPaused: false, counts: { fetched: 0, fresh: 0, repeated: 0, rejected: 0, late: 0, published: 0 }, published: {} }
  app = await testService(QueryApiModule, { override: twins.override })
})
afterEach(async () => { await app.close() })

interface List { readonly data: readonly Record<string, unknown>[]; readonly page: { readonly next: string | null } }
async function get<T>(path: string, status = 200): Promise<T> {
  const answer = await app.inject(`/v1/streams/earthquakes/${path}`)
  if (answer.statusCode !== status) throw new Error(`${answer.statusCode} ${answer.body}`)
  return answer.json<T>()
}
const ids = ({ data }: List) => data.map(({ id }) => id)
const windowOf = (hour: number) => `view=per-hour&start=${new Date(start + hour * 3_600_000).toISOString()}&group=${encodeURIComponent('["ci"]')}`

describe('late events', () => {
  it('are listed with why, whence, and their bytes', async () => {
    twins.late['earthquakes.v1'] = [late(3), late(2, { value: Buffer.from([0xff, 0]), run: '', includedGeneration: 4 })]
    const answer = await get<List>('late')
    expect(answer.data[0]).toEqual({
      id: `${start + 3_000}.${eventId.slice(0, 20)}03`, eventId: `${eventId.slice(0, 20)}03`, eventTime: '2018-02-01T00:00:03.000Z', reason: 'late', detail: 'behind', origin: { url: 'http://h/', page: 1, index: 2 }, run: 'r',
      receivedAt: '2018-02-01T00:00:00.000Z', content: { encoding: 'utf-8', text: quake('ci', 3), bytes: quake('ci', 3).length, isCut: false }, includedGeneration: null,
    })
    expect(answer.data[1]).toMatchObject({ run: null, includedGeneration: 4, content: { encoding: 'base64', text: '/wA=', bytes: 2 } })
    expect(problemsOf('LateLetterList', answer)).toBeNull()
  })

  it('are listed a week up to the newest event, of a reason, page by page', async () => {
    twins.late['earthquakes.v1'] = [late(70), late(60), late(5, { reason: 'backfill' }), late(4), late(-8 * 86_400)]
    expect(ids(await get<List>('late'))).toHaveLength(3)
    expect(ids(await get<List>('late?reason=backfill'))).toHaveLength(1)
    const first = await get<List>('late?limit=2')
    expect(ids(await get<List>(`late?limit=2&cursor=${first.page.next ?? ''}`))).toEqual([`${start + 4_000}.${eventId.slice(0, 20)}04`])
    await get(`late?limit=2&reason=late&cursor=${first.page.next ?? ''}`, 400)
  })

  it('are listed by the window in which they would count', async () => {
    twins.late['earthquakes.v1'] = [late(3_700), late(9), late(8, { value: Buffer.from(quake('nc', 8)) }), late(7, { value: Buffer.from('{"cut') })]
    expect(ids(await get<List>(`late?${windowOf(0)}`))).toEqual([`${start + 9_000}.${eventId.slice(0, 20)}09`])
    expect(ids(await get<List>(`late?${windowOf(1)}`))).toHaveLength(1)
    expect(ids(await get<List>(`late?${windowOf(2)}`))).toEqual([])
  })

  it('are counted by reason, and by the windows of a view', async () => {
    twins.late['earthquakes.v1'] = [late(59), late(9, { reason: 'backfill' }), late(8, { value: Buffer.from(quake('nc', 8)) }), late(7, { value: Buffer.from('{"cut') })]
    const first = await get<{ letters: number; byReason: object; page: { next: string } }>('late/counts')
    expect(first).toMatchObject({ letters: 3, byReason: { late: 2, backfill: 1 } })
    expect(await get(`late/counts?cursor=${first.page.next}`)).toMatchObject({ letters: 1, byReason: { late: 1 }, page: { next: null } })
    const byWindow = await get('late/counts?view=per-hour')
    const window = (network: string, letters: number) => ({ view: 'per-hour', group: { network }, start: '2018-02-01T00:00:00.000Z', end: '2018-02-01T01:00:00.000Z', path: `/v1/earthquakes/per-hour/${network}?from=2018-02-01T00:00:00.000Z&to=2018-02-01T00:00:00.001Z`, letters })
    expect(byWindow).toMatchObject({ letters: 4, byWindow: [window('ci', 2), window('nc', 1)], withoutWindow: 1 })
    expect(problemsOf('LetterCounts', byWindow)).toBeNull()
  })

  it('are read one by one, with the windows in which they would count', async () => {
    twins.late['earthquakes.v1'] = [late(3, { value: Buffer.from(`${quake('ci', 3)}${' '.repeat(5_000)}`) })]
    const [listed] = (await get<List>('late')).data
    expect(listed).toMatchObject({ content: { isCut: true, bytes: quake('ci', 3).length + 5_000 } })
    const one = await get<Record<string, unknown>>(`late/${String(listed?.['id'])}`)
    expect(one).toMatchObject({ content: { isCut: false, text: `${quake('ci', 3)}${' '.repeat(5_000)}` } })
    expect((one['windows'] as { view: string }[]).map(({ view }) => view)).toContain('per-hour')
    expect(problemsOf('LateLetter', one)).toBeNull()
    await get(`late/${start}.${eventId}`, 404)
    await get('late/nonsense', 404)
  })

  it.each([
    ['limit=0', 'limit'], ['limit=201', 'limit'], ['reason=schema', 'reason'], ['view=per-hour', 'start'], ['view=nope&start=2018-02-01T00:00:00Z', 'view'], ['start=2018-02-01T00:00:00Z', 'view'],
    ['view=per-hour&start=2018-02-01T00:00:01Z&group=[%22ci%22]', 'start'], ['view=per-hour&start=2018-02-01T00:00:00Z&group=ci', 'group'], ['view=per-hour&start=2018-02-01T00:00:00Z', 'group'],
    ['view=per-hour&start=2018-02-01T00:00:00Z&group=[%22ci%22]&from=2018-02-01T00:00:00Z', 'start'], ['version=x', 'version'], ['from=2016-01-01T00:00:00Z&to=2018-01-01T00:00:00Z', 'from'], ['state=open', 'state'],
  ])('asked for by %s are refused: %s', async (query, field) => {
    const { errors } = await get<{ errors: { field: string }[] }>(`late?${query}`, 400)
    expect(errors.map((error) => error.field)).toEqual([field])
  })
})

describe('dead letters', () => {
  it('are listed with what became of them; those that are redriven only when asked for', async () => {
    const lastAttempt = { run: 'r1', at: start, reason: 'schema', detail: 'still' }
    twins.dead['earthquakes.v1'] = [dead(3, { attempts: 2, lastAttempt, key: eventId, eventTime: start }), dead(2, { redriven: { run: 'r2', at: start } }), dead(1, { reason: 'of-another-version' })]
    const answer = await get<List>('dead-letters')
    expect(answer.data[0]).toEqual({
      id: '2018-02-01.earthquakes.v1.dead-letters.0.3', reason: 'schema', detail: '/magnitude must be number', origin: { url: 'http://h/', page: 0, index: 7 }, eventId, eventTime: '2018-02-01T00:00:00.000Z', run: null,
      receivedAt: answer.data[0]?.['receivedAt'], content: { encoding: 'utf-8', text: '{"a":1}', bytes: 7, isCut: false },
      hop: 'validate', redrive: 'record', state: 'open', attempts: 2, lastAttempt: { ...lastAttempt, at: '2018-02-01T00:00:00.000Z' }, redriven: null,
    })
    expect(answer.data[1]).toMatchObject({ reason: 'of-another-version', hop: null, redrive: 'none', eventId: null, eventTime: null })
    expect(ids(await get<List>('dead-letters?state=redriven'))).toEqual(['2018-02-01.earthquakes.v1.dead-letters.0.2'])
    const all = await get<List>('dead-letters?state=all')
    expect(ids(all)).toHaveLength(3)
    expect(problemsOf('DeadLetterList', all)).toBeNull()
  })

  it('are counted by reason and by state', async () => {
    twins.dead['earthquakes.v1'] = [dead(3), dead(2, { redriven: { run: 'r', at: start }, reason: 'revised' }), dead(1, { receivedAt: start })]
    const counts = await get('dead-letters/counts')
    expect(counts).toMatchObject({ letters: 2, byReason: { schema: 1, revised: 1 }, byState: { open: 1, redriven: 1 }, page: { next: null } })
    expect(problemsOf('LetterCounts', counts)).toBeNull()
    expect(await get('dead-letters/counts?from=2018-01-31T00:00:00Z&to=2018-02-02T00:00:00Z')).toMatchObject({ letters: 1 })
  })

  it('are read one by one with all their bytes', async () => {
    twins.dead['earthquakes.v1'] = [dead(3, { value: Buffer.from(`${'x'.repeat(4_095)}ü${'x'.repeat(100)}`) })]
    expect((await get<List>('dead-letters')).data[0]).toMatchObject({ content: { encoding: 'utf-8', text: 'x'.repeat(4_095), isCut: true, bytes: 4_197 } })
    const one = await get('dead-letters/2018-02-01.earthquakes.v1.dead-letters.0.3')
    expect(one).toMatchObject({ content: { isCut: false, bytes: 4_197 } })
    expect(problemsOf('DeadLetter', one)).toBeNull()
    await get('dead-letters/2018-02-01.earthquakes.v1.dead-letters.0.4', 404)
    await get('dead-letters/x.0.4', 404)
  })

  it.each([['state=gone', 'state'], ['reason=late', 'reason'], ['view=per-hour', 'view']])('asked for by %s are refused: %s', async (query, field) => {
    const { errors } = await get<{ errors: { field: string }[] }>(`dead-letters?${query}`, 400)
    expect(errors.map((error) => error.field)).toEqual([field])
  })
})
