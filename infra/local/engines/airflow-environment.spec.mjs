import assert from 'node:assert/strict'
import { it } from 'node:test'
import { readSettings } from '../line/settings.mjs'
import { makeSecrets, readSecret } from '../prepare/secrets.mjs'
import { scratch } from '../process/scratch.mjs'
import { airflow } from './airflow.mjs'
import { airflowEnvironment } from './airflow-environment.mjs'

const made = async (env = {}) => {
  const state = scratch()
  await makeSecrets(state)
  return { state, environment: await airflowEnvironment(readSettings({ PATH: '/bin', MILLRACE_STATE: state, MILLRACE_PORT_OFFSET: '700', ...env }), { home: `${state}/airflow`, passwords: `${state}/airflow/passwords.json`, venv: '/venv' }) }
}

it('listens on this machine only, and shows neither its configuration nor stack traces', async () => {
  const { environment } = await made({ AIRFLOW__API__HOST: '0.0.0.0', AIRFLOW__API__EXPOSE_CONFIG: 'True', AIRFLOW__CORE__LOAD_EXAMPLES: 'True' })
  assert.deepEqual(['HOST', 'PORT', 'EXPOSE_CONFIG', 'EXPOSE_STACKTRACE'].map((name) => environment[`AIRFLOW__API__${name}`]), ['127.0.0.1', '18780', 'False', 'False'])
  assert.equal(environment.AIRFLOW__CORE__LOAD_EXAMPLES, 'False')
})

it('tells the DAGs the addresses of this line, and the files of the keys, not the keys', async () => {
  const { state, environment } = await made({ MILLRACE_QUERY_API_URL: 'http://elsewhere' })
  assert.equal(environment.MILLRACE_QUERY_API_URL, 'http://127.0.0.1:13700')
  assert.equal(environment.MILLRACE_TRIGGER_KEY_FILE, `${state}/keys/trigger`)
  const mine = Object.entries(environment).filter(([name]) => name.startsWith('MILLRACE_'))
  for (const [name, value] of mine) if (/KEY|PASSWORD|TOKEN/.test(name)) assert.ok(value.startsWith(state), name)
})

it('tells the DAGs how often a task is tried again', async () => {
  const tries = ({ environment }) => [environment.MILLRACE_AIRFLOW_RETRIES, environment.MILLRACE_AIRFLOW_RETRY_SECONDS]
  assert.deepEqual(tries(await made()), ['3', '10'])
  assert.deepEqual(tries(await made({ MILLRACE_AIRFLOW_RETRIES: '1', MILLRACE_AIRFLOW_RETRY_SECONDS: '2' })), ['1', '2'])
})

it('gives Airflow the keys that were made, each its own, and the password to nobody', async () => {
  const { state, environment } = await made()
  const keys = ['AIRFLOW__CORE__FERNET_KEY', 'AIRFLOW__API__SECRET_KEY', 'AIRFLOW__API_AUTH__JWT_SECRET'].map((name) => environment[name])
  assert.equal(new Set(keys).size, 3)
  for (const key of keys) assert.ok(key.length >= 43)
  assert.equal(keys[2].length, 64)
  assert.equal(Buffer.from(keys[0], 'base64url').length, 32)
  assert.equal(keys[0].length, 44)
  assert.ok(!Object.values(environment).includes(await readSecret(state, 'airflow-admin-password')))
})

it('has the API give up a locked database soon, and the others wait', async () => {
  const { state } = await made()
  const settings = readSettings({ PATH: '/bin', MILLRACE_STATE: state })
  const timeoutOf = async (service) => /timeout=(\d+)$/.exec((await service.command()).env.AIRFLOW__DATABASE__SQL_ALCHEMY_CONN)[1]
  const { api, scheduler } = airflow(settings)
  assert.deepEqual([await timeoutOf(api), await timeoutOf(scheduler)], ['2', '30'])
})

it('takes other settings of Airflow as the caller has them', async () => {
  assert.equal((await made({ AIRFLOW__LOGGING__LOGGING_LEVEL: 'WARNING' })).environment.AIRFLOW__LOGGING__LOGGING_LEVEL, 'WARNING')
})
