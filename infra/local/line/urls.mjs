import { relative } from 'node:path'
import { airflowPasswordFile, airflowUser } from '../engines/airflow.mjs'

const row = ([name, url]) => `  ${name.padEnd(17)} ${url}`

const here = (path) => relative(process.cwd(), path) || '.'

/** Where Airflow is, and how to log in. */
export const airflowLogin = (settings) => `http://127.0.0.1:${settings.ports.airflow} as ${airflowUser}, password in ${here(airflowPasswordFile(settings))}`

/** Airflow is ready last, and does not keep anybody from the windows. */
export const describeAirflow = (settings, took) => `\nAirflow is ready after ${took}: ${airflowLogin(settings)}`

/** What a person wants to know after a start: the addresses, the newest window of each stream, where the rest is. */
export const describe = ({ ports, state, sparkUi, airflow }, { enginesOnly, windows, took, detached }) => {
  const http = (name) => `http://127.0.0.1:${ports[name]}`
  const engines = [
    ['Kafka', `127.0.0.1:${ports.kafka}`],
    ['Cassandra', `127.0.0.1:${ports.cassandra}`],
    ['Spark Connect', `127.0.0.1:${ports.spark}`],
    ...(sparkUi ? [['Spark UI', http('sparkUi')]] : []),
  ]
  const apps = [
    ['the page', http('query-api')],
    ['query-api', `${http('query-api')}/docs`],
    ['ingestion', http('ingestion')],
    ['spark-bridge', `${http('spark-bridge')}/v1/queries`],
    ['materializer', http('materializer')],
    ['source-simulator', `${http('source-simulator')}/control`],
    ...(airflow ? [['Airflow', http('airflow')]] : []),
  ]
  return [
    '',
    ...(enginesOnly ? engines : [...apps, ...engines]).map(row),
    ...windows.flatMap(({ path, row: newest }) => ['', `  GET ${http('query-api')}${path}`, `  ${JSON.stringify(newest)}`]),
    '',
    `Ready after ${took}. State, keys and logs: ${here(state)}. Stop: npm run stop${detached ? '' : ' or Ctrl-C'}.`,
  ].join('\n')
}
