import assert from 'node:assert/strict'
import { it } from 'node:test'
import { airflow } from '../engines/airflow.mjs'
import { allServices } from './services.mjs'
import { airflowStopOrder, startAirflow } from './orchestrator.mjs'
import { readSettings } from './settings.mjs'

const step = (name, doing, done, work) => work()
const namesOf = (settings, line) => allServices(settings, line).map(({ name }) => name)

it('starts the API when the database is made, and the others when the API answers', async () => {
  const log = []
  const supervise = async ({ name }) => { log.push(`${name} starts`); await undefined; log.push(`${name} is ready`) }
  const prepare = async () => { await undefined; log.push('prepared') }
  await startAirflow({ ...airflow(readSettings({})), prepare }, { step, supervise })
  assert.deepEqual(log, ['prepared', 'airflow-api starts', 'airflow-api is ready', 'airflow-scheduler starts', 'airflow-dags starts', 'airflow-scheduler is ready', 'airflow-dags is ready'])
})

it('starts nothing on a database that was not made', async () => {
  const broken = { ...airflow(readSettings({})), prepare: async () => { throw new Error('no such table') } }
  await assert.rejects(startAirflow(broken, { step, supervise: () => assert.fail('started') }), /no such table/)
})

it('stops what it starts', () => {
  const { api, scheduler, reader } = airflow(readSettings({}))
  assert.deepEqual(airflowStopOrder.flat().sort(), [api, scheduler, reader].map(({ name }) => name).sort())
})

it('is left out where it is switched off, or only the engines run, whatever the one who asks has set', () => {
  const isThere = (settings, line) => namesOf(settings, line).includes('airflow-api')
  const [on, off] = [readSettings({}), readSettings({ MILLRACE_AIRFLOW: 'off' })]
  assert.deepEqual([isThere(on), isThere(off), isThere(off, { airflow: true }), isThere(on, { airflow: false }), isThere(on, { enginesOnly: true, airflow: true })], [true, false, true, false, false])
})
