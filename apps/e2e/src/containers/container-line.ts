import { rmSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { eventually } from '../line/eventually.ts'
import { Line } from '../line/line.ts'
import { workspaceRoot } from '../line/places.ts'
import { containerOf, containerState, docker } from './compose.ts'

/** The containers, networks and volumes of the tests are Docker's, of this name. */
export const project = 'millrace-test'

const usualOffset = 100
const cassandraPort = 19_042

const publishedPorts = {
  MILLRACE_QUERY_API_PORT: 13_000,
  MILLRACE_INGESTION_PORT: 13_001,
  MILLRACE_SPARK_BRIDGE_PORT: 13_002,
  MILLRACE_MATERIALIZER_PORT: 13_003,
  MILLRACE_SOURCE_SIMULATOR_PORT: 13_009,
  MILLRACE_AIRFLOW_PORT: 18_080,
  MILLRACE_PROMETHEUS_PORT: 19_090,
}

/**
 * The line of docker-compose.yml as a project of its own on ports of its own, so that one that runs here goes on undisturbed.
 * `MILLRACE_COMPOSE_PORT_OFFSET` moves its ports. Its state folder holds copies of what is in the vault.
 */
export function containerLine(): Line {
  const portOffset = Number(process.env['MILLRACE_COMPOSE_PORT_OFFSET'] ?? usualOffset)
  const line: Line = new Line({
    root: workspaceRoot,
    state: join(workspaceRoot, '.millrace-compose/vault'),
    portOffset,
    settings: {
      COMPOSE_PROJECT_NAME: project,
      MILLRACE_SIMULATOR_SPEED: 'max',
      MILLRACE_SIMULATOR_TRADES_RATE: '2',
      ...Object.fromEntries(Object.entries(publishedPorts).map(([name, port]) => [name, String(port + portOffset)])),
    },
    // The engines publish no port: from this machine they are reached at their addresses in their network.
    cassandra: async () => {
      const addresses = await docker(line, 'inspect', '--format', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', await containerOf(line, 'cassandra'))
      return `${addresses.trim()}:${cassandraPort}`
    },
  })
  return line
}

/** Copies keys and passwords out of the vault, once `prepare` has made them: they are what `docker compose run prepare show` prints. */
export async function copyVault(line: Line): Promise<void> {
  await eventually(async () => {
    const { status, exitCode } = await containerState(line, 'prepare')
    return status === 'exited' && exitCode === 0
  }, { deadlineMs: 300_000, everyMs: 250, what: 'prepare to have made the secrets' })
  rmSync(line.state, { recursive: true, force: true })
  await mkdir(join(line.state, '..'), { recursive: true })
  await docker(line, 'cp', `${await containerOf(line, 'prepare')}:/vault/millrace`, line.state)
}
