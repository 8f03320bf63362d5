import { join } from 'node:path'
import { appEnvironment } from './environment.mjs'

/** The apps that run, each built to one file. */
export const appNames = ['source-simulator', 'ingestion', 'spark-bridge', 'materializer', 'query-api']

/** What is built for a start: the apps, and the program that makes topics, tables and roles. */
export const builtNames = ['provision', ...appNames]

/** The Node that npm installed for the apps; the launcher itself runs on whatever Node is there. */
export const appNode = ({ root }) => join(root, 'node_modules', '.bin', 'node')

/** Where an app's build lies. */
export const buildOf = ({ root }, name) => join(root, 'apps', name, 'dist', 'main.mjs')

/** One app as a supervised process; it is ready when it says so itself. */
export const app = (settings, name) => {
  const port = settings.ports[name]
  const url = `http://127.0.0.1:${port}`
  return {
    name,
    url,
    ports: [port],
    stopWithinMs: 8_000,
    command: async () => ({ file: appNode(settings), args: [buildOf(settings, name)], cwd: settings.root, env: appEnvironment(settings) }),
    ready: async () => {
      const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) })
      const text = await answer.text()
      if (!answer.ok) throw new Error(`${url}/health/ready answers ${answer.status}: ${text.slice(0, 300)}`)
    },
  }
}
