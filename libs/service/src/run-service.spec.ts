import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from '@jest/globals'
import { waitUntil } from './wait-until.ts'

interface Line { readonly signal: string, readonly level: string, readonly text: string }

/** A worker in a process of its own, and what it has written so far. */
class Worker {
  readonly process: ChildProcess
  #output = ''
  readonly ended: Promise<number | null>

  constructor(env: Record<string, string>) {
    this.process = spawn(process.execPath, ['--import', './tools/swc-loader.mjs', 'libs/service/src/run-service.fixture.ts'], { env: { PATH: process.env['PATH'], ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [this.process.stdout, this.process.stderr]) stream?.on('data', (chunk: Buffer) => { this.#output += chunk.toString() })
    this.ended = new Promise((resolve) => { this.process.on('close', resolve) })
    started.push(this)
  }

  get output(): string {
    return this.#output
  }

  get lines(): Line[] {
    return this.#output.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Line)
  }

  said(signal: string, text = ''): Promise<boolean> {
    return waitUntil(() => this.lines.some((line) => line.signal === signal && line.text.includes(text)), { deadlineMs: 15_000, everyMs: 20, what: `the signal ${signal}` })
  }
}

const started: Worker[] = []
const folder = mkdtempSync(join(tmpdir(), 'millrace-run-'))
let taken: Server | undefined

afterEach(async () => {
  for (const worker of started.splice(0)) {
    worker.process.kill('SIGKILL')
    await worker.ended
  }
  taken?.close()
})
afterAll(() => { rmSync(folder, { recursive: true }) })

/** A port that was free a moment ago. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => { resolve(port) })
    })
  })
}

async function start(mode: string, more: Record<string, string> = {}): Promise<{ worker: Worker, url: string }> {
  const port = await freePort()
  const worker = new Worker({ MILLRACE_SPEC_MODE: mode, MILLRACE_SPEC_PORT: String(port), ...more })
  await worker.said('service_started')
  return { worker, url: `http://127.0.0.1:${port}` }
}

describe('runService', () => {
  it('ends with 0 on SIGTERM, after what it has in hand is closed', async () => {
    const { worker, url } = await start('good')
    expect((await fetch(`${url}/health/ready`)).status).toBe(200)
    worker.process.kill('SIGTERM')
    expect(await worker.ended).toBe(0)
    expect(worker.lines.map(({ signal }) => signal)).toEqual(['service_started', 'service_stopping', 'spec_said', 'service_stopped'])
  }, 30_000)

  it('finishes its start and then ends with 0, when SIGTERM comes too early', async () => {
    const worker = new Worker({ MILLRACE_SPEC_MODE: 'slow-start' })
    await worker.said('spec_said', 'starting')
    worker.process.kill('SIGTERM')
    expect(await worker.ended).toBe(0)
    expect(worker.lines.map(({ signal }) => signal)).toEqual(['spec_said', 'service_stopping', 'service_started', 'spec_said', 'service_stopped'])
  }, 30_000)

  it('cuts a request that does not end, and still ends with 0 within five seconds', async () => {
    const { worker, url } = await start('stuck-request')
    const stuck = fetch(`${url}/work`).then(({ status }) => status, () => 'cut')
    await worker.said('spec_said', 'working')
    const startedAt = performance.now()
    worker.process.kill('SIGTERM')
    expect(await worker.ended).toBe(0)
    expect(performance.now() - startedAt).toBeLessThan(5_000)
    expect(await stuck).toBe('cut')
  }, 30_000)

  it('is ended with 1 within five seconds when it cannot close', async () => {
    const { worker } = await start('hangs')
    const startedAt = performance.now()
    worker.process.kill('SIGTERM')
    expect(await worker.ended).toBe(1)
    expect(performance.now() - startedAt).toBeLessThan(5_500)
    expect(worker.lines.at(-1)).toMatchObject({ signal: 'service_stop_slow', level: 'error' })
  }, 30_000)

  it('ends at once on a second signal', async () => {
    const { worker } = await start('hangs')
    worker.process.kill('SIGTERM')
    await worker.said('service_stopping')
    const startedAt = performance.now()
    worker.process.kill('SIGINT')
    expect(await worker.ended).toBe(1)
    expect(performance.now() - startedAt).toBeLessThan(2_000)
  }, 30_000)

  it.each(['throws', 'rejects'])('is ended with 1 by a bug that %s, and says so in one line', async (mode) => {
    const { worker, url } = await start(mode)
    await fetch(`${url}/work`).catch(() => undefined)
    expect(await worker.ended).toBe(1)
    expect(worker.lines.at(-1)).toMatchObject({ signal: 'service_failed', level: 'error', text: expect.stringContaining('nobody') })
  }, 30_000)

  it('says which port is taken and which setting to change', async () => {
    const port = await new Promise<number>((resolve) => {
      taken = createServer().listen(0, '127.0.0.1', () => { resolve((taken?.address() as AddressInfo).port) })
    })
    const worker = new Worker({ MILLRACE_SPEC_PORT: String(port) })
    expect(await worker.ended).toBe(1)
    expect(worker.lines.at(-1)).toMatchObject({ signal: 'service_not_started', text: `Cannot start. Port ${port} on 127.0.0.1 is taken. Stop the process that listens there, or set MILLRACE_SPEC_PORT to another port.` })
  }, 30_000)

  it('tells all wrong settings in one line of JSON', async () => {
    const worker = new Worker({ MILLRACE_SPEC_PORT: 'http', MILLRACE_READ: 'ajar' })
    expect(await worker.ended).toBe(1)
    expect(worker.lines).toEqual([expect.objectContaining({ signal: 'service_not_started', text: expect.stringMatching(/MILLRACE_READ is 'ajar'.*MILLRACE_SPEC_PORT is 'http'/) })])
  }, 30_000)

  it('shows a secret neither in its log, nor in health, metrics or a problem', async () => {
    const canary = 'canary-4b1f0c66e2'
    const path = join(folder, 'secret')
    writeFileSync(path, canary)
    const { worker, url } = await start('tells', { MILLRACE_SPEC_SECRET_FILE: path, MILLRACE_LOG_LEVEL: 'debug' })
    const shown = await Promise.all(['/work', '/health/live', '/health/ready', '/metrics', '/nope'].map(async (at) => (await fetch(url + at)).text()))
    worker.process.kill('SIGTERM')
    expect(await worker.ended).toBe(0)
    expect(worker.output).toContain('login with [hidden] refused')
    expect([worker.output, ...shown].join('\n')).not.toContain(canary)
  }, 30_000)
})
