import { join } from 'node:path'

const sources = { EARTHQUAKES: '/fdsnws/event/1/query', TRADES: '/v1/trades' }
const declaredSimulatorPort = 13009

/** The declarations name the simulator's usual port; on another port their origin is replaced, unless the user has replaced it. */
const sourceUrls = (port, env) => port === declaredSimulatorPort ? {} : Object.fromEntries(Object.entries(sources)
  .map(([stream, path]) => [`MILLRACE_SOURCE_${stream}_URL`, `http://127.0.0.1:${port}${path}`])
  .filter(([name]) => !env[name]))

/**
 * The environment of every app (and of the tests): the caller's own, with the addresses, ports and files of this state folder
 * said explicitly, so that no app has to guess what the launcher has chosen.
 */
export const appEnvironment = ({ root, state, ports, env }) => {
  const secret = (name) => join(state, 'secrets', name)
  return {
    ...env,
    MILLRACE_STATE: state,
    MILLRACE_KAFKA_BROKERS: `127.0.0.1:${ports.kafka}`,
    MILLRACE_CASSANDRA_CONTACT_POINTS: `127.0.0.1:${ports.cassandra}`,
    MILLRACE_CASSANDRA_DATACENTER: 'datacenter1',
    MILLRACE_CASSANDRA_REPLICATION_FACTOR: '1',
    MILLRACE_CASSANDRA_ADMIN_PASSWORD_FILE: secret('cassandra-admin'),
    MILLRACE_CASSANDRA_MIGRATOR_PASSWORD_FILE: secret('cassandra-migrator'),
    MILLRACE_CASSANDRA_WRITER_PASSWORD_FILE: secret('cassandra-writer'),
    MILLRACE_CASSANDRA_READER_PASSWORD_FILE: secret('cassandra-reader'),
    MILLRACE_SPARK_CONNECT_URL: `http://127.0.0.1:${ports.spark}`,
    MILLRACE_SPARK_CONNECT_TOKEN_FILE: secret('spark-connect-token'),
    MILLRACE_SPARK_CHECKPOINTS: join(state, 'spark', 'checkpoints'),
    MILLRACE_SPARK_KAFKA_BROKERS: `127.0.0.1:${ports.kafka}`,
    MILLRACE_QUERY_API_PORT: String(ports['query-api']),
    MILLRACE_INGESTION_PORT: String(ports.ingestion),
    MILLRACE_SPARK_BRIDGE_PORT: String(ports['spark-bridge']),
    MILLRACE_MATERIALIZER_PORT: String(ports.materializer),
    MILLRACE_SOURCE_SIMULATOR_PORT: String(ports['source-simulator']),
    MILLRACE_SOURCE_HOSTS: env.MILLRACE_SOURCE_HOSTS ?? `127.0.0.1:${ports['source-simulator']}`,
    ...sourceUrls(ports['source-simulator'], env),
    MILLRACE_KEYS_FILE: join(state, 'keys', 'verify.json'),
    MILLRACE_SIMULATOR_POSITION_FILE: join(state, 'source-simulator.json'),
    MILLRACE_PAGE_TOKEN_KEY_FILE: secret('page-token-key'),
    NODE_ENV: env.NODE_ENV ?? 'production',
    NODE_COMPILE_CACHE: env.NODE_COMPILE_CACHE ?? join(root, 'node_modules', '.cache', 'node-compile'),
  }
}
