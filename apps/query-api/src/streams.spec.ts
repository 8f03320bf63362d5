import { catalogue } from '@millrace/streams'
import { openApiDocument } from '@millrace/rest'
import { testService } from '@millrace/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { QueryApiModule } from './query-api.module.ts'
import { Twins } from './stores.fixture.ts'

let twins: Twins
let app: NestFastifyApplication

beforeEach(async () => {
  twins = new Twins()
  app = await testService(QueryApiModule, { override: twins.override })
})
afterEach(async () => {
  await app.close()
})

describe('a stream', () => {
  it('is shown before anything has come', async () => {
    const answer = await app.inject('/v1/streams/earthquakes')
    expect(answer.json()).toMatchObject({ name: 'earthquakes', version: 1, paused: false, highestEventTime: null, watermark: null, finalUntil: null, generation: null, counts: { fetched: 0 }, lag: {}, freshness: { storedAt: null, behindMs: 0 } })
  })

  it('shows how far it is: published less stored, and how old the rows are', async () => {
    twins.served['trades.v1'] = [{ generation: 3, floor: null }, { generation: 1, floor: null }]
    twins.progress['trades.v1 3'] = { finalUntil: 10_000, stored: { 0: 7, 1: 9 }, storedAt: Date.now() - 5_000 }
    twins.states['trades.v1'] = { highestEventTime: 20_000, watermark: 10_000, isPaused: true, counts: { fetched: 20, fresh: 17, repeated: 2, rejected: 1, late: 1, published: 16 }, published: { 0: 7, 1: 11 } }
    const answer = (await app.inject('/v1/streams/trades')).json<{ freshness: { behindMs: number } }>()
    expect(answer).toMatchObject({
      paused: true, highestEventTime: '1970-01-01T00:00:20.000Z', watermark: '1970-01-01T00:00:10.000Z', finalUntil: '1970-01-01T00:00:10.000Z', generation: 3,
      counts: { fetched: 20, fresh: 17, repeated: 2, rejected: 1, late: 1, published: 16 }, lag: { 0: 0, 1: 2 }, offsets: { published: { 0: 7, 1: 11 }, stored: { 0: 7, 1: 9 } },
    })
    expect(answer.freshness.behindMs).toBeGreaterThanOrEqual(5_000)
    expect(answer.freshness.behindMs).toBeLessThan(60_000)
  })

  it('shows its views but the hidden one', async () => {
    const { views } = (await app.inject('/v1/streams/earthquakes')).json<{ views: { path: string }[] }>()
    expect(views.map(({ path }) => path)).toEqual(['/v1/earthquakes/per-hour', '/v1/earthquakes/six-hours'])
  })

  it('is in the list of all, in declared order', async () => {
    const { data } = (await app.inject('/v1/streams')).json<{ data: { name: string }[] }>()
    expect(data.map(({ name }) => name)).toEqual(catalogue.streams.map(({ name }) => name))
  })

  it.each([['/v1/streams/nothing', 404], ['/v1/streams/trades?version=9', 404], ['/v1/streams/trades?version=x', 400], ['/v1/streams/trades?version=1&q=1', 400], ['/v1/streams/trades?version=1', 200]])('%s: %d', async (url, status) => {
    const answer = await app.inject(url)
    expect([answer.statusCode, status === 404 ? answer.json<{ exists: string[] }>().exists : null]).toEqual([status, status === 404 ? ['/v1/streams/earthquakes?version=1', '/v1/streams/trades?version=1'] : null])
  })
})

describe('the documents', () => {
  it('are the OpenAPI document of the catalogue', async () => {
    const answer = await app.inject('/openapi.json')
    expect(answer.headers['content-type']).toContain('application/json')
    expect(answer.json()).toEqual(JSON.parse(JSON.stringify(openApiDocument(catalogue))))
  })

  it('are a page that loads only what this app serves, under a policy that allows nothing else', async () => {
    const page = await app.inject('/docs')
    expect(page.headers['content-security-policy']).toMatch(/default-src 'none'; script-src 'self';/)
    expect(page.body).not.toMatch(/<script>|https?:|\son\w+=/)
    const links = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link = '']) => link)
    expect(links).toHaveLength(4)
    for (const link of links) {
      const file = await app.inject(`/${link}`)
      expect([link, file.statusCode, file.body.length > 50]).toEqual([link, 200, true])
    }
  })

  it.each(['/docs/package.json', '/docs/..%2f..%2fpackage.json', '/docs/constructor', '/docs/'])('have no file %s', async (url) => {
    expect((await app.inject(url)).statusCode).toBe(404)
  })
})
