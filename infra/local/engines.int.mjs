import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync, readlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { readSettings } from './line/settings.mjs'
import { probeCassandra } from './probes/cassandra.mjs'
import { probeSpark } from './probes/spark.mjs'
import { commandOf, isRunning, usage } from './process/processes.mjs'
import { readRunFile } from './process/run-file.mjs'

/** On the engines that `npm test` has started: MILLRACE_STATE says where their state is. */
const { run, state, logs } = readSettings({ MILLRACE_STATE: process.env.MILLRACE_STATE })
const names = ['kafka', 'cassandra', 'spark']
const record = (name) => readRunFile(run, name)

before(() => {
  const absent = names.filter((name) => record(name) === undefined || !isRunning(record(name)))
  if (absent.length > 0) throw new Error(`${absent.join(', ')} do not run on ${state}. Start them: npm start -- --engines-only --detach`)
})

/** The addresses that a process listens on, as the kernel's tables write them: hexadecimal address and port. */
const listening = (pid) => {
  const sockets = new Set(readdirSync(`/proc/${pid}/fd`).map((fd) => { try { return readlinkSync(`/proc/${pid}/fd/${fd}`) } catch { return undefined } }))
  return ['tcp', 'tcp6'].flatMap((table) => readFileSync(`/proc/net/${table}`, 'utf8').split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , status, , , , , , inode]) => status === '0A' && sockets.has(`socket:[${inode}]`))
    .map(([, local]) => ({ host: local.split(':')[0], port: Number.parseInt(local.split(':')[1], 16) }))
}

for (const name of names) {
  it(`${name} listens on 127.0.0.1 and on its own ports only, so there is no JMX`, () => {
    const { pid, ports } = record(name)
    const open = listening(pid)
    assert.deepEqual(open.map(({ port }) => port).sort(), [...ports].sort())
    for (const { host } of open) assert.ok(['0100007F', '0000000000000000FFFF00000100007F'].includes(host), host)
  })
}

it('shows no secret in arguments, settings, records or logs', () => {
  const secrets = ['secrets', 'keys'].flatMap((folder) => readdirSync(join(state, folder)).filter((n) => n !== 'verify.json').map((n) => readFileSync(join(state, folder, n), 'utf8').trim()))
  assert.equal(secrets.length, 15)
  const files = [...readdirSync(logs).map((n) => join(logs, n)), ...readdirSync(run).map((n) => join(run, n)), join(state, 'kafka/server.properties'), join(state, 'cassandra/cassandra.yaml'), join(state, 'spark/spark.conf')]
  const shown = [...names.map((name) => readFileSync(`/proc/${record(name).pid}/cmdline`, 'utf8')), ...files.map((file) => readFileSync(file, 'utf8'))]
  for (const secret of secrets) assert.ok(!shown.some((text) => text.includes(secret)))
  assert.match(commandOf(record('kafka').pid), /java/)
})

it('lets nobody in without the right secret', async () => {
  const portOf = (name) => record(name).ports[0]
  await assert.rejects(probeSpark(portOf('spark'), 'wrong'), /status 16/)
  await assert.rejects(probeCassandra(portOf('cassandra'), [{ user: 'millrace_admin', password: 'wrong' }]), /Cassandra answers:/)
  await assert.rejects(probeCassandra(portOf('cassandra'), [{ user: 'cassandra', password: 'cassandra' }]), /Cassandra answers:/)
})

it('keeps the three engines under 3 GB', () => {
  const total = names.reduce((sum, name) => sum + usage(record(name).pid).memoryBytes, 0)
  assert.ok(total < 3e9, `${total} bytes`)
})

const killAndWait = async (name) => {
  const before = record(name)
  process.kill(before.pid, 'SIGKILL')
  for (const deadline = Date.now() + 90_000; ; await pause(100)) {
    const now = record(name)
    if (now.state === 'ready' && now.pid !== before.pid) break
    assert.ok(Date.now() < deadline, `${name} is ${now.state}: ${now.waitingFor}`)
  }
  assert.equal(record(name).restarts, before.restarts + 1)
}

for (const name of ['kafka', 'spark']) {
  it(`has ${name} answer again after kill -9`, { timeout: 120_000 }, () => killAndWait(name))
}

it('has Cassandra answer again after kill -9, also over a segment of its commit log that a full disk has left empty', { timeout: 120_000 }, async () => {
  const left = join(state, 'cassandra/commitlog/CommitLog-7-1.log')
  writeFileSync(left, '')
  truncateSync(left, 2 ** 24)
  await killAndWait('cassandra')
  assert.ok(!existsSync(left))
})
