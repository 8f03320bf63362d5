import { readFile } from 'node:fs/promises'
import { airflowSections, asConfigFile } from '../../local/engines/airflow-sections.mjs'
import { portTable } from '../../local/line/settings-table.mjs'
import { readKey, readSecret } from '../../local/prepare/secrets.mjs'
import { fillTemplate } from '../../local/prepare/template.mjs'

const infra = new URL('../../', import.meta.url)
const port = (name) => portTable[name].default

const file = (path) => async () => readFile(new URL(path, infra), 'utf8')
const filled = (path, values) => async () => fillTemplate(await file(path)(), values, path)
const secret = (name) => async ({ state }) => readSecret(state, name)
const key = (id) => async ({ state }) => readKey(state, id)
const hashes = async ({ state }) => readKey(state, 'verify.json')

const airflowConfig = (more) => async ({ state }) => asConfigFile(airflowSections({
  listenHost: '0.0.0.0',
  port: port('airflow'),
  page: `http://127.0.0.1:${port('airflow')}`,
  internal: `http://airflow-api:${port('airflow')}`,
  home: '/opt/airflow',
  dags: '/opt/millrace/dags',
  passwords: '/opt/airflow/passwords.json',
  tasks: 4,
  secrets: { fernetKey: await readSecret(state, 'airflow-fernet-key'), apiKey: await readSecret(state, 'airflow-api-key'), jwtKey: await readSecret(state, 'airflow-jwt-key') },
  ...more,
}))

const rules = ['delivery', 'flow', 'processes']

const start = (name) => ({ 'start.sh': file(`compose/containers/${name}/start.sh`), 'health.sh': file(`compose/containers/${name}/health.sh`), 'jvm.options': file(`${name}/jvm.options`) })

/**
 * What each service of docker-compose.yml finds under /run/millrace: its settings, filled in from the very files that the
 * launcher uses, and those secrets that it needs, no others. By service and file name, the text.
 */
export const handouts = {
  kafka: {
    ...start('kafka'),
    'log4j2.properties': file('kafka/log4j2.properties'),
    'server.properties': filled('kafka/server.properties', { listenHost: '0.0.0.0', advertisedHost: 'kafka', port: port('kafka'), controllerPort: port('kafkaController'), data: '/var/lib/kafka/data/log' }),
  },
  cassandra: {
    ...start('cassandra'),
    'logback.xml': file('cassandra/logback.xml'),
    'cassandra.yaml': filled('cassandra/cassandra.yaml', { listenHost: '0.0.0.0', advertisedHost: 'cassandra', port: port('cassandra'), storagePort: port('cassandraStorage'), data: '/var/lib/cassandra' }),
  },
  spark: {
    ...start('spark'),
    'log4j2.properties': file('spark/log4j2.properties'),
    'spark.conf': filled('spark/spark.conf', { listenHost: '0.0.0.0', port: port('spark'), driverPort: port('sparkDriver'), blockManagerPort: port('sparkBlockManager'), ui: false, uiPort: port('sparkUi'), data: '/var/lib/millrace/spark' }),
    'spark-connect-token': secret('spark-connect-token'),
  },
  provision: Object.fromEntries(['admin', 'migrator', 'writer', 'reader'].map((role) => [`cassandra-${role}`, secret(`cassandra-${role}`)])),
  'source-simulator': { 'verify.json': hashes },
  ingestion: { 'verify.json': hashes, 'cassandra-writer': secret('cassandra-writer') },
  'spark-bridge': { 'verify.json': hashes, 'cassandra-writer': secret('cassandra-writer'), 'spark-connect-token': secret('spark-connect-token') },
  materializer: { 'verify.json': hashes, 'cassandra-writer': secret('cassandra-writer') },
  'query-api': { 'verify.json': hashes, 'cassandra-reader': secret('cassandra-reader'), 'page-token-key': secret('page-token-key') },
  ready: { read: key('read') },
  prometheus: {
    'prometheus.yml': file('prometheus/prometheus.yml'),
    ...Object.fromEntries(rules.map((name) => [`rules/${name}.yml`, file(`prometheus/rules/${name}.yml`)])),
    read: key('read'),
  },
  grafana: {
    ...Object.fromEntries(['datasources/prometheus.yml', 'dashboards/millrace.yml'].map((path) => [`provisioning/${path}`, file(`grafana/provisioning/${path}`)])),
    'dashboards/line.json': file('grafana/dashboards/line.json'),
    'grafana-admin-password': secret('grafana-admin-password'),
  },
  airflow: {
    'airflow.cfg': airflowConfig({}),
    // It may wait in the one thread that would let the writer finish: it must give up soon.
    'airflow-api.cfg': airflowConfig({ lockSeconds: 2 }),
    'passwords.json': async ({ state }) => JSON.stringify({ admin: await readSecret(state, 'airflow-admin-password') }),
    trigger: key('trigger'), control: key('control'), read: key('read'),
  },
}

