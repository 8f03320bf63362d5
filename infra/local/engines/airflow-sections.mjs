/**
 * Airflow's own settings, by section, as plain data: the launcher gives them as environment, a container reads them from a
 * file. `page` is the address that people open, `internal` the one at which tasks reach the API.
 */
export const airflowSections = ({ listenHost, port, page, internal, home, dags, passwords, tasks, lockSeconds = 30, secrets: { fernetKey, apiKey, jwtKey } }) => ({
  core: {
    executor: 'LocalExecutor',
    parallelism: tasks,
    dags_folder: dags,
    load_examples: 'False',
    dags_are_paused_at_creation: 'False',
    execution_api_server_url: `${internal}/execution/`,
    fernet_key: fernetKey,
    simple_auth_manager_users: 'admin:admin',
    simple_auth_manager_passwords_file: passwords,
  },
  // One writer at a time; the others wait for it so many seconds.
  database: { sql_alchemy_conn: `sqlite:///${home}/airflow.db?timeout=${lockSeconds}` },
  api: { host: listenHost, port, base_url: page, workers: 1, secret_key: apiKey, expose_config: 'False', expose_stacktrace: 'False', instance_name: 'Millrace' },
  api_auth: { jwt_secret: jwtKey },
  logging: { base_log_folder: `${home}/logs`, colored_console_log: 'False' },
  // A changed file is seen within five minutes, a new one within one: looking costs more than all the rest of an idle Airflow.
  dag_processor: { min_file_process_interval: 300, refresh_interval: 60, parsing_processes: 1, print_stats_interval: 0 },
  // A task whose process is gone is tried again after half a minute, not after five. A scheduler with nothing to do looks
  // every two seconds: that is most of what an idle Airflow costs.
  scheduler: { scheduler_idle_sleep_time: 2, task_instance_heartbeat_sec: 5, task_instance_heartbeat_timeout: 30, orphaned_tasks_check_interval: 30 },
  usage_data_collection: { enabled: 'False' },
})

/** As `AIRFLOW__<SECTION>__<KEY>`. */
export const asEnvironment = (sections) => Object.fromEntries(Object.entries(sections).flatMap(([section, settings]) =>
  Object.entries(settings).map(([name, value]) => [`AIRFLOW__${section}__${name}`.toUpperCase(), String(value)])))

/** As the file that AIRFLOW_CONFIG names; a percent sign would begin an interpolation there. */
export const asConfigFile = (sections) => Object.entries(sections).map(([section, settings]) =>
  [`[${section}]`, ...Object.entries(settings).map(([name, value]) => `${name} = ${String(value).replaceAll('%', '%%')}`), ''].join('\n')).join('\n')
