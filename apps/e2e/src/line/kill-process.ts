import { eventually } from './eventually.ts'
import { lineProcess } from './line-processes.ts'
import type { Line } from './line.ts'

/** Kills a process of the line with SIGKILL and waits until the launcher has another one in its place that is ready. */
export async function killProcess(line: Line, name: string): Promise<void> {
  const { pid } = await lineProcess(line, name)
  if (pid === null) throw new Error(`There is no running process '${name}' to kill.`)
  process.kill(pid, 'SIGKILL')
  await eventually(async () => {
    const now = await lineProcess(line, name)
    return now.state === 'ready' && now.pid !== pid
  }, { deadlineMs: 180_000, everyMs: 250, what: `${name} to be ready again after kill -9` })
}
