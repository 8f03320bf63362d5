import { relative } from 'node:path'

const row = ([name, url]) => `  ${name.padEnd(17)} ${url}`

/** What a person wants to know after a start: the addresses, the newest window of each stream, where the rest is. */
export const describe = ({ ports, state, sparkUi }, { enginesOnly, windows, took, detached }) => {
  const here = (path) => relative(process.cwd(), path) || '.'
  const http = (name) => `http://127.0.0.1:${ports[name]}`
  const engines = [
    ['Kafka', `127.0.0.1:${ports.kafka}`],
    ['Cassandra', `127.0.0.1:${ports.cassandra}`],
    ['Spark Connect', `127.0.0.1:${ports.spark}`],
    ...(sparkUi ? [['Spark UI', http('sparkUi')]] : []),
  ]
  const apps = [
    ['query-api', `${http('query-api')}/docs`],
    ['ingestion', http('ingestion')],
    ['spark-bridge', `${http('spark-bridge')}/v1/queries`],
    ['materializer', http('materializer')],
    ['source-simulator', `${http('source-simulator')}/control`],
  ]
  return [
    '',
    ...(enginesOnly ? engines : [...apps, ...engines]).map(row),
    ...windows.flatMap(({ path, row: newest }) => ['', `  GET ${http('query-api')}${path}`, `  ${JSON.stringify(newest)}`]),
    '',
    `Ready after ${took}. State, keys and logs: ${here(state)}. Stop: npm run stop${detached ? '' : ' or Ctrl-C'}.`,
  ].join('\n')
}
