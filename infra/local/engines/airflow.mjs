import { existsSync } from 'node:fs'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { airflowEnvironment } from './airflow-environment.mjs'
import { makeVenv, pythonOf, venvFolder, venvStamp } from '../prepare/venv.mjs'
import { readSecret } from '../prepare/secrets.mjs'
import { pingAirflow, probeHeartbeat } from '../probes/airflow.mjs'
import { run } from '../process/run.mjs'

export const airflowUser = 'admin'

/** The file with the password of the one who may log in. */
export const airflowPasswordFile = ({ state }) => join(state, 'secrets', 'airflow-admin-password')

/**
 * Airflow as three processes: the API with its page, the scheduler with its tasks, and the reader of the DAG files. Nothing
 * here is deferrable, so there is no triggerer; the page reads the logs of the tasks from disk, so no log server listens.
 */
export const airflow = (settings) => {
  const { state, dags, ports } = settings
  const url = `http://127.0.0.1:${ports.airflow}`
  const home = join(state, 'airflow')
  const passwords = join(home, 'passwords.json')
  const migrated = join(home, 'migrated')

  const environment = async (more) => airflowEnvironment(settings, { home, passwords, venv: await venvFolder(settings), ...more })
  const python = async () => pythonOf(await venvFolder(settings))

  /** The database is that of exactly these packages; to find that out itself costs Airflow three seconds of a core. */
  const migrate = async () => {
    const stamp = await venvStamp(settings)
    if (existsSync(join(home, 'airflow.db')) && existsSync(migrated) && (await readFile(migrated, 'utf8')).trim() === stamp) return
    await run(await python(), ['-m', 'airflow', 'db', 'migrate'], { about: `making Airflow's database in ${home}`, cwd: home, env: await environment(), patient: true })
    await writeFile(migrated, `${stamp}\n`)
  }

  const service = (name, args, { lockSeconds, ...more }) => ({
    name,
    address: '-',
    ports: [],
    patient: true,
    stopWithinMs: 15_000,
    command: async () => ({ file: await python(), args: ['-m', 'airflow', ...args], cwd: home, env: await environment({ lockSeconds }) }),
    ...more,
  })

  return {
    url,
    /** Packages, folders, who may log in, and the database. */
    prepare: async () => {
      await makeVenv(settings)
      for (const folder of [home, dags]) await mkdir(folder, { recursive: true, mode: folder === home ? 0o700 : undefined })
      await writeFile(passwords, JSON.stringify({ [airflowUser]: await readSecret(state, 'airflow-admin-password') }), { mode: 0o600 })
      await chmod(passwords, 0o600)
      await migrate()
    },
    // It may wait in the one thread that would let the writer finish, which then nobody does: it must give up soon.
    api: service('airflow-api', ['api-server'], { lockSeconds: 2, url, ports: [ports.airflow], ready: () => pingAirflow(url) }),
    // It waits for its tasks, which may take long: after a stop the next start takes them up again.
    scheduler: service('airflow-scheduler', ['scheduler', '--skip-serve-logs'], { workersStopWithinMs: 5_000, ready: ({ startedAt }) => probeHeartbeat(url, 'scheduler', startedAt) }),
    reader: service('airflow-dags', ['dag-processor'], { workersStopWithinMs: 5_000, ready: ({ startedAt }) => probeHeartbeat(url, 'dag_processor', startedAt) }),
  }
}

/** All of its processes. */
export const airflowServices = (settings) => {
  const { api, scheduler, reader } = airflow(settings)
  return [api, scheduler, reader]
}
