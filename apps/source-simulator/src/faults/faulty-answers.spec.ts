import { mkdtempSync, rmSync } from 'node:fs'
import { request, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { FakeClock, testKeys, testService } from '@millrace/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import type { SimulatorState, TruthPage } from '../control/control.controller.ts'
import { realClockToken, SimulatorModule, simulatorSettingsToken } from '../simulator.module.ts'
import type { TradePage } from '../trades/trade-service.ts'
import type { Fault } from './fault-plan.ts'
import type { BrokenRecord } from './served-broken.ts'

const keys = testKeys()
const clock = new FakeClock('2026-01-01T00:00:00Z')
let app: NestFastifyApplication
let origin = ''
const folder = mkdtempSync(join(tmpdir(), 'millrace-faults-'))
beforeAll(async () => {
  app = await testService(SimulatorModule, {
    env: { MILLRACE_KEYS_FILE: keys.file },
    override: (builder) => builder.overrideProvider(simulatorSettingsToken).useValue({ speed: '0', rate: 1_000, kept: 10_000, seed: 1, faults: '{"seed":3,"trades":{"serverError":1}}', position: join(folder, 'position.json') }).overrideProvider(realClockToken).useValue(clock),
  })
  await app.listen(0, '127.0.0.1')
  origin = await app.getUrl()
  await clock.advance(5_000)
})
afterAll(async () => {
  await app.close()
  keys.remove()
  rmSync(folder, { recursive: true, force: true })
})

const url = '/v1/trades?after=0&limit=100'

async function ask(path = url, most = Infinity): Promise<{ head: IncomingMessage, body: Buffer, error: string | undefined }> {
  const head = await new Promise<IncomingMessage>((resolve, reject) => request(`${origin}${path}`, { agent: false }, resolve).on('error', reject).end())
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of head as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      size += chunk.length
      if (size > most) break
    }
  } catch (error) {
    return { head, body: Buffer.concat(chunks), error: (error as NodeJS.ErrnoException).code }
  }
  return { head, body: Buffer.concat(chunks), error: undefined }
}

async function plan(faults: object): Promise<SimulatorState> {
  const answer = await app.inject({ method: 'POST', url: '/control', payload: { faults }, headers: { authorization: keys.bearer('stream:control') } })
  expect([faults, answer.statusCode]).toEqual([faults, 200])
  return answer.json()
}

const only = (fault: Fault, seed = 1) => plan({ seed, trades: { [fault]: 1 } })
const state = async (): Promise<SimulatorState> => (await app.inject('/control')).json()
const truth = async (parameters = ''): Promise<TruthPage> => (await app.inject(`/control/truth?stream=trades${parameters}`)).json()

describe('a faulty answer', () => {
  it('comes from the setting, until another plan is given', async () => {
    expect((await ask()).head.statusCode).toBe(500)
    expect((await state()).faults).toEqual({ seed: 3, earthquakes: {}, trades: { serverError: { probability: 1, times: 1 } }, held: { earthquakes: 0, trades: 0 } })
    expect((await plan({})).faults.trades).toEqual({})
    expect((await ask()).head.statusCode).toBe(200)
  })

  it('may be 429, 503, a gateway\'s HTML, or a redirect to itself', async () => {
    await only('tooManyRequests')
    const waits = await Promise.all(Array.from({ length: 20 }, async () => (await ask()).head.headers['retry-after'] ?? ''))
    expect(waits.some((wait) => /^[012]$/.test(wait)) && waits.some((wait) => wait.endsWith('GMT'))).toBe(true)
    await only('unavailable')
    expect((await ask()).head.statusCode).toBe(503)
    await only('htmlError')
    const { head, body } = await ask()
    expect([head.statusCode, head.headers['content-type'], body.toString()]).toEqual([502, 'text/html; charset=utf-8', expect.stringContaining('<h1>502 Bad Gateway</h1>')])
    await only('redirectLoop')
    expect((await ask()).head).toMatchObject({ statusCode: 302, headers: { location: url } })
  })

  it('may be a bomb, or a body without an end', async () => {
    await only('gzipBomb')
    const { head, body } = await ask()
    expect([head.headers['content-encoding'], body.length < 100_000, gunzipSync(body).length]).toEqual(['gzip', true, 50_331_648])
    await only('endlessBody')
    expect((await ask(url, 11_000_000)).body.length).toBeGreaterThan(11_000_000)
  })

  it('may be cut, reset in its middle, or so slow that its first bytes come one by one', async () => {
    const before = (await truth()).served
    await only('cutJson')
    const cut = await ask()
    expect([cut.error, cut.head.headers['content-length']]).toEqual([undefined, String(cut.body.length)])
    expect(() => { JSON.parse(cut.body.toString()) }).toThrow(SyntaxError)
    await only('reset')
    expect((await ask()).error).toBe('ECONNRESET')
    expect((await truth()).served).toBe(before)
    await only('slowBody')
    expect((JSON.parse((await ask()).body.toString()) as TradePage).trades).toHaveLength(100)
    expect((await truth()).served).toBe(before + 100)
  })

  it('is the same for the same seed and the same requests', async () => {
    const statuses = async (seed: number): Promise<number[]> => {
      await plan({ seed, trades: { serverError: 0.3, unavailable: 0.3 } })
      const found: number[] = []
      for (let time = 0; time < 30; time++) found.push((await ask()).head.statusCode ?? 0)
      return found
    }
    const seven = await statuses(7)
    expect(new Set(seven)).toEqual(new Set([200, 500, 503]))
    expect(await statuses(7)).toEqual(seven)
    expect(await statuses(8)).not.toEqual(seven)
  })
})

it('lists the broken records that were served, each once, with its very bytes', async () => {
  await plan({ seed: 5, trades: { brokenRecord: 1 } })
  const [first, second] = [await ask('/v1/trades?after=500&limit=300'), await ask('/v1/trades?after=500&limit=300')]
  const page = await truth('&kind=broken&limit=1000')
  expect(page).toMatchObject({ distinct: 300, served: 600, broken: { distinct: 300, served: 600 }, next: null })
  for (const { bytes, timesServed } of page.data as BrokenRecord[]) {
    expect(timesServed).toBe(2)
    expect(first.body.includes(Buffer.from(bytes, 'base64')) && second.body.includes(Buffer.from(bytes, 'base64'))).toBe(true)
  }
  expect((await state()).faults.trades).toEqual({ brokenRecord: { probability: 1, times: 600 } })
})

it('gives rows twice where rows are inserted while a reader pages, and never gives some where they are deleted', async () => {
  const seqs = async (fault: Fault): Promise<number[]> => {
    await only(fault)
    const pages: number[][] = []
    await ask('/v1/trades?after=4990&limit=100')
    for (const after of [2_000, 2_100, 2_200]) pages.push((JSON.parse((await ask(`/v1/trades?after=${after}&limit=100`)).body.toString()) as TradePage).trades.map(({ seq }) => seq))
    return pages.flat()
  }
  await expect(seqs('rowsInserted').then((given) => new Set(given).size)).resolves.toBeLessThan(300)
  const given = await seqs('rowsDeleted')
  expect(given[0]).toBe(2_001)
  expect([new Set(given).size, (given.at(-1) ?? 0) > 2_300]).toEqual([300, true])
})
