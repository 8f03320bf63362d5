import { run } from '../line/launcher.ts'
import type { Line } from '../line/line.ts'

/** A command of Docker in the workspace of the line, with its ports and its project. Throws with all it has printed when it fails. */
export const docker = (line: Line, ...args: readonly string[]): Promise<string> => run(line, 'docker', args)

/** What people type: `docker compose …`. */
export const compose = (line: Line, ...args: readonly string[]): Promise<string> => docker(line, 'compose', ...args)

/** The container of a service, whether it runs or not. Throws when there is none. */
export async function containerOf(line: Line, service: string): Promise<string> {
  const id = (await compose(line, 'ps', '--all', '--quiet', service)).trim()
  if (id === '') throw new Error(`There is no container of ${service}.`)
  return id
}

export interface ContainerState {
  readonly status: string
  readonly exitCode: number
  readonly restarts: number
  readonly health: string | undefined
}

export async function containerState(line: Line, service: string): Promise<ContainerState> {
  const [found] = JSON.parse(await docker(line, 'inspect', await containerOf(line, service))) as [{ RestartCount: number; State: { Status: string; ExitCode: number; Health?: { Status: string } } }]
  const { RestartCount: restarts, State: { Status: status, ExitCode: exitCode, Health: health } } = found
  return { status, exitCode, restarts, health: health?.Status }
}
