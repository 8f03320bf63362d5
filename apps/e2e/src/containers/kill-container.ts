import { eventually } from '../line/eventually.ts'
import type { Line } from '../line/line.ts'
import { compose, containerState } from './compose.ts'

/** Kills the process of a container with SIGKILL from the inside, as a crash does, and waits until Docker has another one in its place that is healthy. */
export async function killContainer(line: Line, service: string): Promise<void> {
  const { restarts } = await containerState(line, service)
  await compose(line, 'exec', '-T', service, '/bin/bash', '-c', 'kill -9 $(cat /proc/1/task/1/children)')
  await eventually(async () => {
    const now = await containerState(line, service)
    return now.restarts > restarts && now.health === 'healthy'
  }, { deadlineMs: 600_000, everyMs: 500, what: `${service} to be healthy again after kill -9` })
}
