import { join } from 'node:path'
import { airflowSections, asEnvironment } from './airflow-sections.mjs'
import { readSecret } from '../prepare/secrets.mjs'
import { pythonEnvironment } from '../prepare/venv.mjs'

/** What a DAG needs to know of the line: addresses, the files of the keys, and how often its tasks are tried again. */
const forDags = ({ root, state, ports, airflowRetries, airflowRetrySeconds }) => {
  const url = (name) => `http://127.0.0.1:${ports[name]}`
  return {
    MILLRACE_STATE: state,
    MILLRACE_INGESTION_URL: url('ingestion'),
    MILLRACE_SPARK_BRIDGE_URL: url('spark-bridge'),
    MILLRACE_MATERIALIZER_URL: url('materializer'),
    MILLRACE_QUERY_API_URL: url('query-api'),
    MILLRACE_TRIGGER_KEY_FILE: join(state, 'keys', 'trigger'),
    MILLRACE_CONTROL_KEY_FILE: join(state, 'keys', 'control'),
    MILLRACE_READ_KEY_FILE: join(state, 'keys', 'read'),
    MILLRACE_DAGS_FILE: join(root, 'generated', 'dags.json'),
    MILLRACE_AIRFLOW_RETRIES: String(airflowRetries),
    MILLRACE_AIRFLOW_RETRY_SECONDS: String(airflowRetrySeconds),
  }
}

/** The environment of Airflow's processes, and so of each task: the caller may add settings of Airflow, and change none of ours. Secrets come from the state folder, never from a file of settings. */
export const airflowEnvironment = async (settings, { home, passwords, venv, lockSeconds }) => {
  const { state, ports, dags, env } = settings
  const secret = (name) => readSecret(state, name)
  const url = `http://127.0.0.1:${ports.airflow}`
  return {
    ...pythonEnvironment(env),
    ...forDags(settings),
    AIRFLOW_HOME: home,
    VIRTUAL_ENV: venv,
    PATH: `${join(venv, 'bin')}:${env.PATH}`,
    PYTHONUNBUFFERED: '1',
    NO_PROXY: '127.0.0.1,localhost',
    no_proxy: '127.0.0.1,localhost',
    ...asEnvironment(airflowSections({
      listenHost: '127.0.0.1',
      port: ports.airflow,
      page: url,
      internal: url,
      home,
      dags,
      passwords,
      tasks: settings.airflowTasks,
      lockSeconds,
      secrets: { fernetKey: await secret('airflow-fernet-key'), apiKey: await secret('airflow-api-key'), jwtKey: await secret('airflow-jwt-key') },
    })),
  }
}
