import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, readdirSync, readlinkSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { airflow } from './engines/airflow.mjs'
import { readSettings } from './line/settings.mjs'
import { airflowStopOrder } from './line/orchestrator.mjs'
import { readSecret } from './prepare/secrets.mjs'
import { askDags } from './probes/airflow.mjs'
import { stopLeftovers } from './process/leftovers.mjs'
import { offspringOf } from './process/offspring.mjs'
import { readRunFile, readRunFiles, runFile } from './process/run-file.mjs'
import { scratch } from './process/scratch.mjs'

// Before the hook that removes the folder.
after(async () => {
  await end('SIGKILL')
  await stopLeftovers(settings)
})

/** Airflow alone, without Kafka, Cassandra and Spark, under a launcher of its own that the test may kill. */
const state = scratch()
const settings = readSettings({ ...process.env, MILLRACE_STATE: state, MILLRACE_AIRFLOW_DAGS: join(state, 'dags'), MILLRACE_PORT_OFFSET: process.env.MILLRACE_PORT_OFFSET ?? '710' })
const { url } = airflow(settings)
const names = airflowStopOrder.flat()
const script = fileURLToPath(new URL('airflow-alone.mjs', import.meta.url))
const record = (name) => readRunFile(settings.run, name)
const credentials = async () => ({ username: 'admin', password: await readSecret(state, 'airflow-admin-password') })

const sleeper = `
import time
from airflow.sdk import dag, task

@dag(schedule=None)
def sleeper():
    @task(retries=2, retry_delay=1)
    def sleep():
        print('task output', flush=True)
        time.sleep(600)
    sleep()

sleeper()
`

let launcher
const start = async () => {
  launcher = spawn(process.execPath, [script], { env: settings.env, stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await Promise.race([once(launcher.stdout, 'data'), once(launcher, 'exit').then(([code]) => { throw new Error(`The launcher ended with ${code}.`) })])
  assert.equal(String(line).trim(), 'ready')
}
const end = async (signal) => {
  launcher.kill(signal)
  if (launcher.exitCode === null && launcher.signalCode === null) await once(launcher, 'exit')
}

const within = async (seconds, what, condition) => {
  for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline; await new Promise((go) => { setTimeout(go, 100) })) {
    const answer = await condition()
    if (answer) return answer
  }
  throw new Error(`Not within ${seconds} s: ${what}.`)
}

const descendants = (records) => records.flatMap(({ name, pid }) => offspringOf({ session: pid ?? undefined, mark: runFile(settings.run, name) }))

/** Starts a run of the DAG and answers the process of its task, which sleeps. */
const sleepingTask = async (id) => {
  const { access_token: token } = await (await fetch(`${url}/auth/token`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(await credentials()) })).json()
  const trigger = () => fetch(`${url}/api/v2/dags/sleeper/dagRuns`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify({ dag_run_id: id, logical_date: null, conf: {} }) })
  // On SQLite the API refuses a write that meets another one; to ask again is safe, since the run has a name.
  await within(30, 'the run is taken', async () => [200, 409].includes((await trigger()).status))
  return runningTask()
}

const isTask = (pid) => { try { return /airflow worker -- [0-9a-f]/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8')) } catch { return false } }
const runningTask = () => within(90, 'a task runs', () => descendants([record('airflow-scheduler')]).find(isTask))

before(async () => {
  mkdirSync(settings.dags)
  writeFileSync(join(settings.dags, 'sleeper.py'), sleeper)
  await start()
  await within(90, 'the DAG is found', async () => (await askDags(url, await credentials())).dags.length > 0)
}, { timeout: 400_000 })

const listening = (pid) => {
  const sockets = new Set(readdirSync(`/proc/${pid}/fd`).map((fd) => { try { return readlinkSync(`/proc/${pid}/fd/${fd}`) } catch { return undefined } }))
  return ['tcp', 'tcp6'].flatMap((table) => readFileSync(`/proc/net/${table}`, 'utf8').split('\n').slice(1)).map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[3] === '0A' && sockets.has(`socket:[${columns[9]}]`)).map((columns) => columns[1])
}

it('listens on one port of 127.0.0.1 only', () => {
  const open = descendants(names.map(record)).flatMap(listening)
  assert.deepEqual(open, [`0100007F:${settings.ports.airflow.toString(16).toUpperCase()}`])
})

it('lets nobody in without the password, and says what its DAGs do', async () => {
  await assert.rejects(askDags(url, { username: 'admin', password: 'admin' }), /answers 401/)
  assert.equal((await fetch(`${url}/api/v2/dags`)).status, 401)
  const { dags, unreadable } = await askDags(url, await credentials())
  assert.deepEqual([dags, unreadable], [[{ dag: 'sleeper', isPaused: false, state: null, run: null, startedAt: null, endedAt: null }], []])
})

it('shows no configuration', async () => {
  const { access_token: token } = await (await fetch(`${url}/auth/token`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(await credentials()) })).json()
  assert.equal((await fetch(`${url}/api/v2/config`, { headers: { authorization: `Bearer ${token}` } })).status, 403)
})

it('shows no secret in arguments, records or logs, and keeps its folder to the owner', () => {
  const secrets = readdirSync(join(state, 'secrets')).map((name) => readFileSync(join(state, 'secrets', name), 'utf8').trim())
  const logs = readdirSync(join(state, 'airflow/logs'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name))
  const files = [...logs, ...readdirSync(settings.logs).map((n) => join(settings.logs, n)), ...readdirSync(settings.run).map((n) => join(settings.run, n)), join(state, 'airflow/airflow.cfg')]
  const shown = [...descendants(names.map(record)).map((pid) => `/proc/${pid}/cmdline`), ...files].map((file) => readFileSync(file, 'utf8'))
  for (const secret of secrets) assert.ok(!shown.some((text) => text.includes(secret)))
  assert.equal(statSync(join(state, 'airflow')).mode & 0o777, 0o700)
  assert.equal(statSync(join(state, 'airflow/passwords.json')).mode & 0o777, 0o600)
})

it('has each process again after kill -9, and nothing left of the one before', { timeout: 240_000 }, async () => {
  const task = await sleepingTask('killed')
  for (const name of names) {
    const old = record(name)
    const all = descendants([old])
    if (name === 'airflow-scheduler') assert.ok(all.includes(task) && all.length > 2, String(all))
    process.kill(old.pid, 'SIGKILL')
    await within(90, `${name} is ready again`, () => record(name).state === 'ready' && record(name).pid !== old.pid)
    assert.equal(record(name).restarts, old.restarts + 1)
    assert.deepEqual(offspringOf({ session: old.pid, mark: 'none' }), [])
  }
})

it('stops with a task that runs, and leaves nothing; the next start takes the task up again', { timeout: 300_000 }, async () => {
  await sleepingTask('stopped')
  const running = names.map(record)
  await end('SIGTERM')
  assert.deepEqual(descendants(running), [])
  assert.ok(names.every((name) => record(name).state === 'stopped'))
  await start()
  await runningTask()
  const { dags } = await askDags(url, await credentials())
  assert.deepEqual([dags[0].run, dags[0].state], ['stopped', 'running'])
})

it('leaves nothing after kill -9 of the launcher, nor when its guard is killed as well', { timeout: 300_000 }, async () => {
  await sleepingTask('alone')
  const running = readRunFiles(settings.run)
  await end('SIGKILL')
  await within(10, 'the guard has ended all', () => descendants(running).length === 0)
  await start()
  await sleepingTask('unguarded')
  const again = readRunFiles(settings.run)
  const guard = readdirSync('/proc').find((pid) => { try { return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('guard.sh') && Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')[1]) === launcher.pid } catch { return false } })
  process.kill(Number(guard), 'SIGKILL')
  await end('SIGKILL')
  assert.ok(descendants(again).length > 0, 'without the guard, the workers outlive the launcher')
  assert.ok((await stopLeftovers(settings)).includes('airflow-scheduler'))
  assert.deepEqual(descendants(again), [])
})
