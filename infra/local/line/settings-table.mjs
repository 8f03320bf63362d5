/**
 * What the launcher and the commands beside it read, as plain data: `readSettings` checks by it, and docs/settings.md and
 * .env.example are made from it (npm run provision -- generate). Kinds are path, int and choice, as in libs/service;
 * a path is relative to the root of the workspace.
 */
export const settingsTable = {
  state: { env: 'MILLRACE_STATE', kind: 'path', default: '.millrace', about: 'The folder of all data, keys and logs. Another one is another Millrace.' },
  jars: { env: 'MILLRACE_JARS', kind: 'path', default: '.millrace/jars', about: 'The folder of the jars, which all state folders share.' },
  venvs: { env: 'MILLRACE_VENV', kind: 'path', default: '.millrace/venv', about: "The folder of Airflow's Python packages, which all state folders share." },
  portOffset: { env: 'MILLRACE_PORT_OFFSET', kind: 'int', min: 0, max: 40_000, default: 0, about: 'Added to every port of engines and workers: with a state folder of its own, a second Millrace runs beside the first.' },
  airflow: { env: 'MILLRACE_AIRFLOW', kind: 'choice', choices: ['on', 'off'], default: 'on', about: 'Whether Airflow is started. `--engines-only` leaves it out, too.' },
  dags: { env: 'MILLRACE_AIRFLOW_DAGS', kind: 'path', default: 'dags', about: 'The folder of the DAGs.' },
  airflowTasks: { env: 'MILLRACE_AIRFLOW_TASKS', kind: 'int', min: 1, max: 64, default: 4, about: 'How many tasks of Airflow run at the same time. Each costs an idle process of 27 MB.' },
  airflowRetries: { env: 'MILLRACE_AIRFLOW_RETRIES', kind: 'int', min: 1, max: 10, default: 3, about: 'How often a task of Airflow is tried again before it is red.' },
  airflowRetrySeconds: { env: 'MILLRACE_AIRFLOW_RETRY_SECONDS', kind: 'int', min: 1, max: 300, default: 10, about: 'How many seconds a task of Airflow waits for its second try, at least; for each further one twice as long, up to five minutes.' },
  sparkUi: { env: 'MILLRACE_SPARK_UI', kind: 'choice', choices: ['on', 'off'], default: 'off', about: 'Whether Spark shows its own pages.' },
  java: { env: 'JAVA_HOME', kind: 'path', optional: true, about: 'The JDK 17 that the engines run on. Not set: the java of the PATH.' },
}

const port = (env, number, of) => ({ env, kind: 'int', min: 1, max: 65_535, default: number, about: `The port of ${of}.` })

/** Every port of the platform, all below 32768 so that no outgoing connection ever holds one. */
export const portTable = {
  kafka: port('MILLRACE_KAFKA_PORT', 19092, 'Kafka that the launcher starts'),
  kafkaController: port('MILLRACE_KAFKA_CONTROLLER_PORT', 19093, "Kafka's controller"),
  cassandra: port('MILLRACE_CASSANDRA_PORT', 19042, 'Cassandra that the launcher starts'),
  cassandraStorage: port('MILLRACE_CASSANDRA_STORAGE_PORT', 17000, 'Cassandra between its nodes'),
  spark: port('MILLRACE_SPARK_PORT', 15002, 'Spark Connect that the launcher starts'),
  sparkDriver: port('MILLRACE_SPARK_DRIVER_PORT', 15003, "Spark's driver"),
  sparkBlockManager: port('MILLRACE_SPARK_BLOCK_MANAGER_PORT', 15004, "Spark's block manager"),
  sparkUi: port('MILLRACE_SPARK_UI_PORT', 14040, "Spark's own pages"),
  'query-api': port('MILLRACE_QUERY_API_PORT', 13000, 'query-api'),
  ingestion: port('MILLRACE_INGESTION_PORT', 13001, 'ingestion'),
  'spark-bridge': port('MILLRACE_SPARK_BRIDGE_PORT', 13002, 'spark-bridge'),
  materializer: port('MILLRACE_MATERIALIZER_PORT', 13003, 'materializer'),
  'source-simulator': port('MILLRACE_SOURCE_SIMULATOR_PORT', 13009, 'source-simulator'),
  airflow: port('MILLRACE_AIRFLOW_PORT', 18080, "Airflow's page and API"),
}
