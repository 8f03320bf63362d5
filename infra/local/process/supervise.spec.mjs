import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { it } from 'node:test'
import { startTicks } from './processes.mjs'
import { readRunFile } from './run-file.mjs'
import { eventually, scratch } from './scratch.mjs'
import { Supervised } from './supervise.mjs'
import { makeTether } from './tether.mjs'

const anyPort = async () => {
  const server = createServer().listen({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

const answers = (port) => new Promise((resolve, reject) => {
  const socket = connect({ host: '127.0.0.1', port }, () => { socket.destroy(); resolve() })
  socket.on('error', reject)
})

/** A process that listens on a port, after running a script of the test's own. */
const place = async (t, { script = '', delayMs = 10 } = {}) => {
  const state = scratch()
  const port = await anyPort()
  const settings = { run: join(state, 'run'), logs: state, env: process.env }
  mkdirSync(settings.run)
  const said = []
  const service = {
    name: 'dummy',
    address: `127.0.0.1:${port}`,
    ports: [port],
    stopWithinMs: 500,
    command: async () => ({ file: process.execPath, args: ['-e', `${script}; require('net').createServer().listen(${port}, '127.0.0.1')`], cwd: state }),
    ready: () => answers(port),
  }
  const supervised = new Supervised(service, { settings, tether: await makeTether(), say: (text) => said.push(text), delay: () => delayMs })
  t.after(() => supervised.stop())
  return { supervised, service, said, port, state, record: () => readRunFile(settings.run, 'dummy') }
}

it('starts a process again after kill -9, and says so', async (t) => {
  const { supervised, said, record } = await place(t)
  await supervised.start()
  const first = record().pid
  process.kill(first, 'SIGKILL')
  await eventually('another process is ready', () => record().state === 'ready' && record().pid !== first)
  assert.equal(record().restarts, 1)
  assert.match(said[0], /dummy ended \(signal SIGKILL\)/)
  await supervised.stop()
  assert.equal(record().state, 'stopped')
})

it('waits for the port of a process that was killed', async (t) => {
  const { supervised, record, port } = await place(t, { delayMs: 300 })
  await supervised.start()
  const first = record().pid
  process.kill(first, 'SIGKILL')
  await eventually('it is to be started again', () => record().state === 'restarting')
  const holder = createServer().listen({ host: '127.0.0.1', port })
  await once(holder, 'listening')
  await eventually('the port is asked for', () => record().waitingFor?.includes(`port ${port}`))
  holder.close()
  await eventually('another process is ready', () => record().state === 'ready')
  assert.equal(record().restarts, 1)
})

it('gives up a start that fails three times, and shows the last lines of the log and where it is', async (t) => {
  const { supervised, record, state } = await place(t, { script: 'console.error("no such setting: colour"); process.exit(3)' })
  await assert.rejects(supervised.start(), (error) => /does not start: code 3/.test(error.message) && /\| no such setting: colour/.test(error.message) && error.message.includes(join(state, 'dummy.log')))
  assert.equal(record().state, 'failed')
  assert.equal(readFileSync(join(state, 'dummy.log'), 'utf8').split('\n').filter(Boolean).length, 3)
})

it('says what could not be started', async (t) => {
  const { supervised, service } = await place(t)
  service.command = async () => ({ file: '/no/such/program', args: [] })
  service.ready = () => assert.fail('nobody is there')
  await assert.rejects(supervised.start(), /no\/such\/program|exited|code 127/)
})

it('kills a process that does not listen to TERM, and leaves none behind', async (t) => {
  const { supervised, record } = await place(t, { script: 'process.on("SIGTERM", () => {})' })
  await supervised.start()
  const { pid } = record()
  await supervised.stop()
  assert.equal(startTicks(pid), undefined)
})

const withWorker = `
  const worker = require('node:child_process').spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)'])
  require('node:fs').writeFileSync('worker', String(worker.pid))`

it('ends what a killed process has started before it starts that again', async (t) => {
  const { supervised, record, state } = await place(t, { script: withWorker })
  await supervised.start()
  const [first, worker] = [record().pid, Number(readFileSync(join(state, 'worker'), 'utf8'))]
  process.kill(first, 'SIGKILL')
  await eventually('another process is ready', () => record().state === 'ready' && record().pid !== first)
  assert.equal(startTicks(worker), undefined)
})

it('kills the workers that a stopping process waits for, and lets that end by itself', async (t) => {
  const waits = `${withWorker}; process.on('SIGTERM', () => worker.once('exit', () => { require('node:fs').writeFileSync('ended', ''); process.exit(0) }))`
  const { supervised, service, state } = await place(t, { script: waits })
  Object.assign(service, { workersStopWithinMs: 50, stopWithinMs: 8_000 })
  await supervised.start()
  await supervised.stop()
  assert.ok(existsSync(join(state, 'ended')))
})

it('asks whether the process is ready since its own start', async (t) => {
  const { supervised, service } = await place(t)
  const before = new Date()
  const asked = []
  const { ready } = service
  service.ready = ({ startedAt }) => { asked.push(startedAt); return ready() }
  await supervised.start()
  assert.ok(asked.every((at) => at >= before && at <= new Date()) && asked.length > 0)
})

it('can be stopped while it waits for a process to become ready', async (t) => {
  const { supervised, service } = await place(t)
  service.ready = async () => { throw new Error('still warming up') }
  const started = supervised.start()
  const failed = assert.rejects(started, /stopped before it was ready/)
  await supervised.stop()
  await failed
})

it('goes on when a record cannot be written', async (t) => {
  const { supervised, said, state } = await place(t)
  mkdirSync(join(state, 'run', 'dummy.json.new'))
  await supervised.start()
  assert.ok(said.some((text) => text.includes('EISDIR')))
  assert.equal(existsSync(join(state, 'run', 'dummy.json')), false)
})
