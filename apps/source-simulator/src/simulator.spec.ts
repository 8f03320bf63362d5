import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeWorker, FakeClock, testKeys, testService } from '@millrace/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import type { SimulatorState, TruthPage } from './control/control.controller.ts'
import { recordedQuakes } from './earthquakes/recorded-quakes.ts'
import type { Quake } from './earthquakes/quake.ts'
import { realClockToken, SimulatorModule, simulatorSettingsToken } from './simulator.module.ts'
import type { TradePage } from './trades/trade-service.ts'

const folder = mkdtempSync(join(tmpdir(), 'millrace-simulator-'))
const settings = { speed: '600', rate: 50, kept: 100_000, seed: 1, faults: '{}', position: join(folder, 'position.json') }

describeWorker(() => SimulatorModule, { name: 'source-simulator', override: (builder) => builder.overrideProvider(simulatorSettingsToken).useValue(settings) })

const keys = testKeys()
const clock = new FakeClock('2026-01-01T00:00:00Z')
let app: NestFastifyApplication
beforeAll(async () => {
  app = await testService(SimulatorModule, {
    env: { MILLRACE_KEYS_FILE: keys.file },
    override: (builder) => builder.overrideProvider(simulatorSettingsToken).useValue(settings).overrideProvider(realClockToken).useValue(clock),
  })
})
afterAll(async () => {
  await app.close()
  keys.remove()
  rmSync(folder, { recursive: true })
})

interface QuakePage { metadata: Record<string, unknown>, features: Quake[], bbox?: number[] }

async function get<T>(url: string): Promise<T> {
  const answer = await app.inject(url)
  expect([url, answer.statusCode]).toEqual([url, 200])
  return answer.json<T>()
}

async function control(change: object): Promise<SimulatorState> {
  const answer = await app.inject({ method: 'POST', url: '/control', payload: change, headers: { authorization: keys.bearer('stream:control') } })
  expect([change, answer.statusCode]).toEqual([change, 200])
  return answer.json()
}

const query = '/fdsnws/event/1/query?format=geojson&orderby=time-asc'

describe('the event service', () => {
  it('answers a page in the shape of the USGS, dated by its own clock', async () => {
    const answer = await app.inject(`${query}&limit=2&offset=3&updatedafter=2018-01-01`)
    const { metadata, features, bbox } = answer.json<QuakePage>()
    expect(answer.headers.date).toBe('Fri, 02 Feb 2018 01:49:59 GMT')
    expect(metadata).toEqual({ generated: Date.parse('2018-02-02T01:49:59.650Z'), url: `http://localhost:80${query}&limit=2&offset=3&updatedafter=2018-01-01`, title: 'USGS Earthquakes', status: 200, api: '1.5.8', limit: 2, offset: 3, count: 2 })
    expect(features.map(({ id }) => id)).toEqual(recordedQuakes.slice(2, 4).map(({ id }) => id))
    const depths = features.map(({ geometry }) => geometry.coordinates[2])
    expect([bbox?.[2], bbox?.[5]]).toEqual([Math.min(...depths), Math.max(...depths)])
  })

  it('refuses in the plain text of the FDSN specification', async () => {
    const answer = await app.inject(`${query}&limit=none`)
    expect(answer.statusCode).toBe(400)
    expect(answer.headers['content-type']).toContain('text/plain')
    expect(answer.body).toBe([
      'Error 400: Bad Request', 'Bad limit value "none". Valid values are whole numbers from 1 to 20000.', 'Usage details are available from https://earthquake.usgs.gov/fdsnws/event/1',
      `Request:\n${query}&limit=none`, 'Request Submitted:\n2018-02-02T01:49:59+00:00', 'Service version:\n1.5.8\n',
    ].join('\n\n'))
  })

  it('runs six hundred times as fast as we do, stands still at 0, and has everything at max, in one pull and in order', async () => {
    const before = (await get<QuakePage>(query)).features.length
    await clock.advance(60_000)
    expect((await get<SimulatorState>('/control')).now).toBe('2018-02-02T11:49:59.650Z')
    const after = (await get<QuakePage>(query)).features.length
    expect(after).toBeGreaterThan(before)
    await control({ speed: 0 })
    await clock.advance(60_000)
    expect((await get<QuakePage>(query)).features).toHaveLength(after)
    expect(await control({ speed: 'max' })).toMatchObject({ speed: 'max', now: '2018-02-07T01:45:04.877Z', earthquakes: { total: 1_707, visible: 1_707, revised: 1_707 } })
    expect((await get<QuakePage>(`${query}&limit=20000`)).features).toEqual(recordedQuakes)
  })

  it('lists what it has served, each record once, with how often and in which copies', async () => {
    const pages: TruthPage[] = []
    for (let next: number | null = 0; next !== null; next = pages.at(-1)?.next ?? null) pages.push(await get<TruthPage>(`/control/truth?stream=earthquakes&after=${next}&limit=500`))
    const data = pages.flatMap((page) => page.data) as { id: string, timesServed: number, copies: Record<string, number>, record: Quake }[]
    expect(pages).toHaveLength(4)
    expect(new Set(data.map(({ id }) => id)).size).toBe(1_707)
    expect(data.every(({ timesServed, copies }) => timesServed === Object.values(copies).reduce((sum, times) => sum + times, 0))).toBe(true)
    expect(pages[0]).toMatchObject({ stream: 'earthquakes', distinct: 1_707, isComplete: true, served: data.reduce((sum, { timesServed }) => sum + timesServed, 0) })
    expect(data.some(({ copies }) => Object.keys(copies).length === 2)).toBe(true)
    expect(data.map(({ record }) => record).sort((a, b) => a.properties.time - b.properties.time)).toEqual(recordedQuakes)
  })

  it('starts anew where it is told', async () => {
    const state = await control({ speed: 0, start: '2018-02-01T00:00:00Z' })
    expect(state).toMatchObject({ now: '2018-02-01T00:00:00.000Z', speed: 0 })
    expect((await get<QuakePage>(query)).features.every(({ properties }) => properties.time < Date.parse('2018-02-01'))).toBe(true)
  })
})

it('goes on after a restart where it would be without one', async () => {
  const own = { ...settings, position: join(folder, 'restarted.json') }
  const start = () => testService(SimulatorModule, {
    env: { MILLRACE_KEYS_FILE: keys.file },
    override: (builder) => builder.overrideProvider(simulatorSettingsToken).useValue(own).overrideProvider(realClockToken).useValue(clock),
  })
  const first = await start()
  await first.inject({ method: 'POST', url: '/control', payload: { speed: 60, start: '2018-02-03T00:00:00Z' }, headers: { authorization: keys.bearer('stream:control') } })
  await first.close()
  await clock.advance(60_000)
  const second = await start()
  expect((await second.inject('/control')).json()).toMatchObject({ now: '2018-02-03T01:00:00.000Z', speed: 60 })
  await second.close()
})

describe('the trades', () => {
  it('are read by number, and listed once they have been served', async () => {
    await control({ trades: { rate: 0 } })
    const { latest } = (await get<SimulatorState>('/control')).trades
    await control({ trades: { rate: 1_000, stopAfter: 2_000, duplicateShare: 0.2, disorderMs: 100 } })
    await clock.advance(10_000)
    const served: TradePage['trades'][number][] = []
    for (let next: number | null = latest; next !== null;) {
      const page: TradePage = await get<TradePage>(`/v1/trades?after=${next}&limit=700`)
      served.push(...page.trades)
      next = page.next
    }
    expect(new Set(served.map(({ id }) => id)).size).toBeGreaterThanOrEqual(2_000)
    const truth: { id: string, timesServed: number }[] = []
    for (let next: number | null = 0; next !== null;) {
      const page: TruthPage = await get<TruthPage>(`/control/truth?stream=trades&after=${next}&limit=999`)
      truth.push(...page.data as typeof truth)
      next = page.next
      expect(page).toMatchObject({ served: served.length, isComplete: true })
    }
    const times = new Map<string, number>()
    for (const { id } of served) times.set(id, (times.get(id) ?? 0) + 1)
    expect(new Map(truth.map(({ id, timesServed }) => [id, timesServed]))).toEqual(times)
  })

  it('can be read by their time', async () => {
    await control({ trades: { rate: 100 } })
    await clock.advance(2_000)
    const [from, to] = [new Date(clock.now() - 1_000).toISOString(), new Date(clock.now()).toISOString()]
    const [all, second] = [await get<TradePage>(`/v1/trades?from=${from}&to=${to}`), await get<TradePage>(`/v1/trades?from=${from}&to=${to}&offset=50&limit=10`)]
    expect(all.trades.length).toBeGreaterThan(60)
    expect(all.trades.every(({ tradedAt }) => tradedAt >= from && tradedAt < to)).toBe(true)
    expect(second).toEqual({ trades: all.trades.slice(50, 60), next: 60 })
  })

  it.each(['after=-1', 'after=x', 'limit=0', 'limit=10001', 'after=1.5', 'limit=1&limit=2', 'offset=1', 'from=2026-01-01T00:00:00Z', 'to=2026-01-01T00:00:00Z', 'from=2026-01-01&to=2026-01-02', 'from=2026-13-01T00:00:00Z&to=2026-01-02T00:00:00Z', 'from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z&offset=-1', 'skip=1'])('refuse %s', async (parameters) => {
    expect((await app.inject(`/v1/trades?${parameters}`)).json()).toMatchObject({ status: 400, code: 'invalid_request' })
  })
})

describe('/control', () => {
  it.each<object>([
    { speed: -1 }, { speed: 'fast' }, { speed: '600' }, { speed: null }, { start: null }, { trades: null }, { trades: { rate: null } }, { trades: { duplicateShare: null } }, { start: 'yesterday' }, { trades: { rate: -1 } }, { trades: { rate: 10_001 } }, { trades: { stopAfter: 0 } }, { trades: { duplicateShare: 1 } }, { trades: { disorderMs: -1 } }, { trades: { nope: 1 } }, { trades: 5 }, { nope: 1 },
    { faults: null }, { faults: 5 }, { faults: { seed: -1 } }, { faults: { seed: 1.5 } }, { faults: { birds: {} } }, { faults: { trades: [] } }, { faults: { trades: { nope: 0.1 } } }, { faults: { trades: { late: 1.1 } } }, { faults: { trades: { late: '0.1' } } }, { faults: { trades: { reset: 0.6, cutJson: 0.6 } } },
  ])('refuses %j and changes nothing', async (change) => {
    const before = await get<SimulatorState>('/control')
    const answer = await app.inject({ method: 'POST', url: '/control', payload: change, headers: { authorization: keys.bearer('stream:control') } })
    expect(answer.json()).toMatchObject({ status: 400, code: 'invalid_request' })
    expect(await get<SimulatorState>('/control')).toEqual(before)
  })

  it('is for who holds the key', async () => {
    expect((await app.inject({ method: 'POST', url: '/control', payload: { speed: 0 } })).statusCode).toBe(401)
    expect((await app.inject({ method: 'POST', url: '/control', payload: { speed: 0 }, headers: { authorization: keys.bearer('query:read') } })).statusCode).toBe(403)
  })
})
