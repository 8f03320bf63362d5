import assert from 'node:assert/strict'
import { it } from 'node:test'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { makeSecrets } from '../../local/prepare/secrets.mjs'
import { scratch } from '../../local/process/scratch.mjs'
import { handouts } from './handouts.mjs'

const made = async () => {
  const state = scratch()
  await makeSecrets(state)
  const texts = {}
  for (const [service, files] of Object.entries(handouts)) {
    texts[service] = Object.fromEntries(await Promise.all(Object.entries(files).map(async ([name, make]) => [name, await make({ state })])))
  }
  return { state, texts }
}

it('gives each service its own secrets and no other one', async () => {
  const { state, texts } = await made()
  const secrets = {}
  for (const folder of ['secrets', 'keys']) {
    for (const name of await readdir(join(state, folder))) if (name !== 'verify.json') secrets[name] = (await readFile(join(state, folder, name), 'utf8')).trim()
  }
  const found = Object.fromEntries(Object.entries(texts).map(([service, files]) => {
    const all = Object.values(files).join('\n')
    return [service, Object.keys(secrets).filter((name) => all.includes(secrets[name])).sort()]
  }))
  assert.deepEqual(found, {
    kafka: [],
    cassandra: [],
    spark: ['spark-connect-token'],
    provision: ['cassandra-admin', 'cassandra-migrator', 'cassandra-reader', 'cassandra-writer'],
    'source-simulator': [],
    ingestion: ['cassandra-writer'],
    'spark-bridge': ['cassandra-writer', 'spark-connect-token'],
    materializer: ['cassandra-writer'],
    'query-api': ['cassandra-reader', 'page-token-key'],
    ready: ['read'],
    prometheus: ['read'],
    grafana: ['grafana-admin-password'],
    airflow: ['airflow-admin-password', 'airflow-api-key', 'airflow-fernet-key', 'airflow-jwt-key', 'control', 'read', 'trigger'],
  })
})

it("leaves no brace of a template open, and has Kafka call itself by its service's name", async () => {
  const { texts } = await made()
  // Grafana's legends have braces of their own.
  for (const files of Object.entries(texts).filter(([service]) => service !== 'grafana').map(([, some]) => some)) for (const text of Object.values(files)) assert.doesNotMatch(text, /\{\{\w/)
  assert.match(texts.kafka['server.properties'], /^advertised\.listeners=PLAINTEXT:\/\/kafka:19092,/m)
  assert.match(texts.cassandra['cassandra.yaml'], /^broadcast_rpc_address: cassandra$/m)
})

it("has Airflow's API give up a locked database soon, and the others wait", async () => {
  const { texts: { airflow } } = await made()
  assert.match(airflow['airflow-api.cfg'], /airflow\.db\?timeout=2$/m)
  assert.match(airflow['airflow.cfg'], /airflow\.db\?timeout=30$/m)
})

it('hands Prometheus every file of rules that there is', async () => {
  const { texts: { prometheus } } = await made()
  const rules = await readdir(new URL('../../prometheus/rules', import.meta.url))
  assert.deepEqual(Object.keys(prometheus).filter((name) => name.startsWith('rules/')).sort(), rules.map((name) => `rules/${name}`).sort())
})
