import { join } from 'node:path'
import { readSecret } from '../prepare/secrets.mjs'
import { pythonEnvironment } from '../prepare/venv.mjs'

/** Airflow's settings are `AIRFLOW__<SECTION>__<KEY>`; the caller may add others, and change none of these. */
const sections = (all) => Object.fromEntries(Object.entries(all).flatMap(([section, settings]) =>
  Object.entries(settings).map(([name, value]) => [`AIRFLOW__${section}__${name}`.toUpperCase(), String(value)])))

/** What a DAG needs to know of the line: addresses, and the files of the keys. */
const forDags = ({ root, state, ports }) => {
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
  }
}

/** The environment of Airflow's processes, and so of each task. Secrets come from the state folder, never from a file of settings. */
export const airflowEnvironment = async (settings, { home, passwords, venv, lockSeconds = 30 }) => {
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
    ...sections({
      core: {
        executor: 'LocalExecutor',
        parallelism: settings.airflowTasks,
        dags_folder: dags,
        load_examples: 'False',
        dags_are_paused_at_creation: 'False',
        execution_api_server_url: `${url}/execution/`,
        fernet_key: await secret('airflow-fernet-key'),
        simple_auth_manager_users: 'admin:admin',
        simple_auth_manager_passwords_file: passwords,
      },
      // One writer at a time; the others wait for it so many seconds.
      database: { sql_alchemy_conn: `sqlite:///${join(home, 'airflow.db')}?timeout=${lockSeconds}` },
      api: { host: '127.0.0.1', port: ports.airflow, base_url: url, workers: 1, secret_key: await secret('airflow-api-key'), expose_config: 'False', expose_stacktrace: 'False', instance_name: 'Millrace' },
      api_auth: { jwt_secret: await secret('airflow-jwt-key') },
      logging: { base_log_folder: join(home, 'logs'), colored_console_log: 'False' },
      // A changed file is seen within five minutes, a new one within one: looking costs more than all the rest of an idle Airflow.
      dag_processor: { min_file_process_interval: 300, refresh_interval: 60, parsing_processes: 1, print_stats_interval: 0 },
      // A task whose process is gone is tried again after half a minute, not after five. A scheduler with nothing to do looks
      // every two seconds: that is most of what an idle Airflow costs.
      scheduler: { scheduler_idle_sleep_time: 2, task_instance_heartbeat_sec: 5, task_instance_heartbeat_timeout: 30, orphaned_tasks_check_interval: 30 },
      usage_data_collection: { enabled: 'False' },
    }),
  }
}
