import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { configureLog } from '@millrace/observability'
import { compose, containerState, docker } from './containers/compose.ts'
import { containerLine, copyVault, project } from './containers/container-line.ts'
import { killContainer } from './containers/kill-container.ts'
import { monitoringSuite } from './containers/monitoring.suite.ts'
import { queryStatuses } from './http/query-status.ts'
import { readView, withoutFinal } from './http/read-view.ts'
import { control, simulatorState } from './http/simulator.ts'
import type { Run } from './http/trigger-run.ts'
import { eventually } from './line/eventually.ts'
import { run } from './line/launcher.ts'
import { pullAllQuakes } from './line/start-line.ts'
import { earthquakesSuite, week } from './suites/earthquakes.suite.ts'
import { expectTrueTrades } from './suites/trades.suite.ts'

configureLog({ app: 'e2e', level: 'warn' })

const upMs = 900_000
const killed = ['materializer', 'spark', 'kafka'] as const

/** docker-compose.yml, unchanged, as a user brings it up. */
const line = containerLine()
const forget = (): Promise<string> => compose(line, '--profile', '*', 'down', '--volumes', '--remove-orphans')

/** Nothing is asserted about speed; it is told. */
const timed = async (what: string, work: () => Promise<unknown>): Promise<void> => {
  const begun = Date.now()
  await work()
  console.log(`${what} took ${((Date.now() - begun) / 1_000).toFixed(1)} s.`)
}
const up = (state: string): Promise<void> => timed(`docker compose up --wait, ${state},`, () => compose(line, 'up', '--wait', '--quiet-pull'))
const oneShots = ['prepare', 'provision', 'airflow-migrate']

const services = async (): Promise<string[]> => (await compose(line, 'config', '--services')).trim().split('\n').sort()
interface Canary { readonly secrets: number; readonly looked: readonly string[]; readonly found: readonly string[] }
const canary = async (...flags: readonly string[]): Promise<Canary> => JSON.parse(await run(line, process.execPath, [join(line.root, 'infra/compose/canary/canary.mjs'), '--json', ...flags])) as Canary

const containers = async (): Promise<string> => (await docker(line, 'ps', '--all', '--quiet', '--filter', `label=com.docker.compose.project=${project}`)).trim()

const window = 10_000
const hours = 3 * 3_600_000

/** All rows whose windows nobody adds to any more; `final` may yet turn true. */
const rowsUntil = async (ended: number): Promise<unknown[]> => withoutFinal([
  ...await readView(line.urls.queryApi, '/v1/earthquakes/per-hour', week),
  ...await readView(line.urls.queryApi, '/v1/trades/per-10-seconds', { from: ended - hours, to: ended - window }, 1_000),
])

let firstRun: Run | undefined

beforeAll(async () => {
  await forget()
  const starting = up('without data');
  [firstRun] = await Promise.all([copyVault(line).then(() => pullAllQuakes(line)), starting])
}, upMs)

afterAll(async () => {
  await forget()
  rmSync(line.state, { recursive: true, force: true })
}, 180_000)

describe('docker compose', () => {
  it('has every service healthy when `up --wait` returns, and every one-shot ended', async () => {
    const names = await services()
    const states = await Promise.all(names.map(async (name) => ({ name, ...await containerState(line, name) })))
    const described = states.map(({ name, status, exitCode, health }) => `${name}: ${oneShots.includes(name) ? `${status} ${exitCode}` : String(health)}`)
    expect(described).toEqual(names.map((name) => `${name}: ${oneShots.includes(name) ? 'exited 0' : 'healthy'}`))
    expect(names).toEqual(expect.arrayContaining([...oneShots, 'kafka', 'cassandra', 'spark', 'ingestion', 'spark-bridge', 'materializer', 'query-api', 'source-simulator', 'airflow-api', 'airflow-scheduler', 'airflow-dags']))
  })

  it('answers whoever reaches the published port, and triggers nothing without a key', async () => {
    expect((await fetch(`${line.urls.queryApi}/v1/trades/per-minute?limit=1`)).status).toBe(200)
    expect((await fetch(`${line.urls.ingestion}/v1/streams/trades/runs`, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } })).status).toBe(401)
  })

  it('serves the page with all that it asks for', async () => {
    const index = await (await fetch(line.urls.queryApi)).text()
    const files = [...index.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path)
    expect(files.length).toBeGreaterThan(1)
    expect(await Promise.all(files.map(async (path) => (await fetch(new URL(path, line.urls.queryApi))).status))).toEqual(files.map(() => 200))
  })

  it('is declared as hardened, in every profile', async () => {
    expect(await run(line, process.execPath, [join(line.root, 'infra/compose/lint/lint.mjs')])).toContain('keeps S13, S14 and S22')
  })

  monitoringSuite(line)

  it('shows no secret, and lets no container do what it must not', async () => {
    // With one container that does all of that wrong: who does not find it is blind.
    const { found, secrets, looked } = await canary('--planted')
    const ofPlanted = found.filter((what) => what.includes('millrace-canary-planted'))
    expect(found.filter((what) => !ofPlanted.includes(what))).toEqual([])
    expect(secrets).toBeGreaterThan(10)
    expect(looked.length).toBeGreaterThanOrEqual(12)
    expect(ofPlanted.length).toBeGreaterThan(5)
  }, 300_000)

  earthquakesSuite(line, () => firstRun)

  it.each(killed)('heals when %s is killed in the middle of a burst', async (name) => {
    await control(line, { trades: { rate: 250, stopAfter: 5_000, duplicateShare: 0.05, disorderMs: 3_000 } })
    await killContainer(line, name)
    await eventually(async () => (await queryStatuses(line)).every(({ state }) => state === 'running'), { deadlineMs: 600_000, everyMs: 500, what: 'every query to run' })
  }, 1_260_000)

  it('answers the rows as the simulator served them, for all the kills', async () => {
    await control(line, { trades: { rate: 0 } })
    const { trades } = await simulatorState(line)
    expect(trades.produced).toBeGreaterThan(1_000)
    await expectTrueTrades(line)
  }, 420_000)

  it('stops without killing anything, and has every row when it is up again', async () => {
    const ended = Math.floor(Date.now() / window) * window
    const before = await rowsUntil(ended)
    await timed('docker compose stop', () => compose(line, 'stop'))
    const codes = await Promise.all((await services()).map(async (name) => `${name}: ${(await containerState(line, name)).exitCode}`))
    // 137 is what a container has that had to be killed.
    expect(codes.filter((code) => !/: (0|143)$/.test(code))).toEqual([])
    await timed('docker compose down of what is stopped', () => compose(line, 'down'))
    expect(await containers()).toBe('')
    await up('with data')
    expect(await rowsUntil(ended)).toEqual(before)
  }, upMs)

  it('forgets everything, of all profiles', async () => {
    await forget()
    expect((await docker(line, 'volume', 'ls', '--quiet', '--filter', `label=com.docker.compose.project=${project}`)).trim()).toBe('')
  }, 120_000)
})
