import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { it } from 'node:test'
import { readSettings } from './settings.mjs'
import { portTable, settingsTable } from './settings-table.mjs'

/** Read to be handed on; the apps describe them. */
const ofTheApps = new Set(['MILLRACE_SOURCE_HOSTS'])

it('adds the offset to every port', () => {
  const [usual, moved] = [readSettings({}).ports, readSettings({ MILLRACE_PORT_OFFSET: '700' }).ports]
  assert.equal(usual.kafka, 19092)
  assert.equal(Object.keys(usual).length, 14)
  for (const name of Object.keys(usual)) assert.equal(moved[name], usual[name] + 700, name)
})

it('keeps every port below 32768, where outgoing connections begin', () => {
  for (const [name, port] of Object.entries(readSettings({}).ports)) assert.ok(port < 32_768, name)
})

it('reports all unusable settings together', () => {
  const env = { MILLRACE_KAFKA_PORT: '19o92', MILLRACE_PORT_OFFSET: '-1', MILLRACE_SPARK_PORT: '70000', MILLRACE_CASSANDRA_PORT: '1e4', MILLRACE_SPARK_UI: 'yes' }
  assert.throws(() => readSettings(env), (error) => Object.entries(env).every(([name, value]) => error.message.includes(`${name} is '${value}'`)))
})

it('refuses two processes on one port', () => {
  assert.throws(() => readSettings({ MILLRACE_KAFKA_PORT: '13000' }), /query-api and kafka both have port 13000/)
})

it('keeps jars where they are when the state lies elsewhere', () => {
  const { state, jars, root } = readSettings({ MILLRACE_STATE: '/tmp/elsewhere' })
  assert.equal(state, '/tmp/elsewhere')
  assert.equal(jars, `${root}/.millrace/jars`)
})

it('takes an empty text for one that is not set, and a path from the root', () => {
  const { state, jars, java, root } = readSettings({ MILLRACE_STATE: '', MILLRACE_JARS: 'elsewhere', JAVA_HOME: '/opt/jdk' })
  assert.deepEqual([state, jars, java], [`${root}/.millrace`, `${root}/elsewhere`, '/opt/jdk/bin/java'])
  assert.equal(readSettings({}).java, 'java')
})

it("shows Spark's pages only where it is asked to", () => {
  assert.deepEqual([{}, { MILLRACE_SPARK_UI: 'on' }].map((env) => readSettings(env).sparkUi), [false, true])
})

it('describes every setting that the launcher reads: the documents are made from the tables', () => {
  const described = new Set([...Object.values(settingsTable), ...Object.values(portTable)].map(({ env }) => env))
  const files = readdirSync(new URL('..', import.meta.url), { recursive: true }).filter((file) => /(?<!\.spec|\.int)\.mjs$/.test(file))
  assert.ok(files.includes('start.mjs') && files.includes('line/settings.mjs'))
  const read = files.flatMap((file) => [...readFileSync(new URL(`../${file}`, import.meta.url), 'utf8').matchAll(/\benv\.(MILLRACE_\w+|JAVA_HOME)/g)].map(([, name]) => name))
  assert.deepEqual(read.filter((name) => !described.has(name) && !ofTheApps.has(name)), [])
})
