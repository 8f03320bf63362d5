import assert from 'node:assert/strict'
import { it } from 'node:test'
import { appEnvironment } from './environment.mjs'
import { readSettings } from './settings.mjs'

it('says the addresses of this state folder, whatever the caller has set', () => {
  const made = appEnvironment(readSettings({ MILLRACE_PORT_OFFSET: '700', MILLRACE_KAFKA_BROKERS: 'elsewhere:9092', MILLRACE_STATE: '/tmp/x' }))
  assert.equal(made.MILLRACE_KAFKA_BROKERS, '127.0.0.1:19792')
  assert.equal(made.MILLRACE_SPARK_CHECKPOINTS, '/tmp/x/spark/checkpoints')
})

it('points the streams to the simulator when that has moved, unless the caller has named another source', () => {
  const made = appEnvironment(readSettings({ MILLRACE_PORT_OFFSET: '700', MILLRACE_SOURCE_TRADES_URL: 'https://example.test/trades' }))
  assert.equal(made.MILLRACE_SOURCE_EARTHQUAKES_URL, 'http://127.0.0.1:13709/fdsnws/event/1/query')
  assert.equal(made.MILLRACE_SOURCE_TRADES_URL, 'https://example.test/trades')
  assert.equal(appEnvironment(readSettings({})).MILLRACE_SOURCE_EARTHQUAKES_URL, undefined)
})

it('leaves other settings as the caller has them', () => {
  assert.equal(appEnvironment(readSettings({ MILLRACE_SIMULATOR_SPEED: '60' })).MILLRACE_SIMULATOR_SPEED, '60')
})

it('carries no secret, only the files that hold them', () => {
  for (const [name, value] of Object.entries(appEnvironment(readSettings({})))) if (/PASSWORD|TOKEN|KEY/.test(name)) assert.match(value, /^\/.*\/(secrets|keys)\//, name)
})
