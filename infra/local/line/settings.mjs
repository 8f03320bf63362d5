import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '')

/** Every port of the platform, all below 32768 so that no outgoing connection ever holds one. */
const portTable = {
  kafka: ['MILLRACE_KAFKA_PORT', 19092],
  kafkaController: ['MILLRACE_KAFKA_CONTROLLER_PORT', 19093],
  cassandra: ['MILLRACE_CASSANDRA_PORT', 19042],
  cassandraStorage: ['MILLRACE_CASSANDRA_STORAGE_PORT', 17000],
  spark: ['MILLRACE_SPARK_PORT', 15002],
  sparkDriver: ['MILLRACE_SPARK_DRIVER_PORT', 15003],
  sparkBlockManager: ['MILLRACE_SPARK_BLOCK_MANAGER_PORT', 15004],
  sparkUi: ['MILLRACE_SPARK_UI_PORT', 14040],
  'query-api': ['MILLRACE_QUERY_API_PORT', 13000],
  ingestion: ['MILLRACE_INGESTION_PORT', 13001],
  'spark-bridge': ['MILLRACE_SPARK_BRIDGE_PORT', 13002],
  materializer: ['MILLRACE_MATERIALIZER_PORT', 13003],
  'source-simulator': ['MILLRACE_SOURCE_SIMULATOR_PORT', 13009],
}

const wholeNumber = (env, name, fallback, min, max, problems) => {
  const text = env[name]
  if (text === undefined || text === '') return fallback
  const value = Number(text)
  if (Number.isInteger(value) && value >= min && value <= max) return value
  problems.push(`${name} is '${text}'; a whole number from ${min} to ${max} is expected.`)
  return fallback
}

const ports = (env, problems) => {
  const offset = wholeNumber(env, 'MILLRACE_PORT_OFFSET', 0, 0, 40_000, problems)
  const table = Object.fromEntries(Object.entries(portTable).map(([name, [variable, fallback]]) =>
    [name, wholeNumber(env, variable, fallback, 1, 65_535, problems) + offset]))
  const seen = new Map()
  for (const [name, port] of Object.entries(table)) {
    if (port > 65_535) problems.push(`The port of ${name} is ${port} with MILLRACE_PORT_OFFSET ${offset}; no port is greater than 65535.`)
    if (seen.has(port)) problems.push(`${name} and ${seen.get(port)} both have port ${port}; give one of them another.`)
    seen.set(port, name)
  }
  return table
}

/**
 * The launcher's settings from the environment; all problems are reported together.
 * Jars are kept apart from the state: a second state folder, as tests have, needs no second download.
 */
export const readSettings = (env = process.env) => {
  const problems = []
  const table = ports(env, problems)
  if (problems.length > 0) throw new Error(`The settings are not usable.\n${problems.map((p) => `  ${p}`).join('\n')}`)
  const state = resolve(root, env.MILLRACE_STATE || '.millrace')
  return {
    root,
    state,
    jars: resolve(root, env.MILLRACE_JARS || '.millrace/jars'),
    run: join(state, 'run'),
    logs: join(state, 'logs'),
    ports: table,
    sparkUi: env.MILLRACE_SPARK_UI === '1',
    java: env.JAVA_HOME ? join(env.JAVA_HOME, 'bin/java') : 'java',
    env,
  }
}
