import assert from 'node:assert/strict'
import { it } from 'node:test'
import { readSettings } from './settings.mjs'

it('adds the offset to every port', () => {
  const [usual, moved] = [readSettings({}).ports, readSettings({ MILLRACE_PORT_OFFSET: '700' }).ports]
  assert.equal(usual.kafka, 19092)
  assert.equal(Object.keys(usual).length, 13)
  for (const name of Object.keys(usual)) assert.equal(moved[name], usual[name] + 700, name)
})

it('keeps every port below 32768, where outgoing connections begin', () => {
  for (const [name, port] of Object.entries(readSettings({}).ports)) assert.ok(port < 32_768, name)
})

it('reports all unusable settings together', () => {
  const env = { MILLRACE_KAFKA_PORT: '19o92', MILLRACE_PORT_OFFSET: '-1', MILLRACE_SPARK_PORT: '70000' }
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
