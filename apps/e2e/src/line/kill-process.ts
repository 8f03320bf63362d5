import { eventually } from './eventually.ts'
import { lineProcesses } from './line-processes.ts'
import type { Line } from './line.ts'

/** Kills a process of the line with SIGKILL and waits until the launcher has another one in its place that is ready. */
export async function killProcess(line: Line, name: string): Promise<void> {
  const before = (await lineProcesses(line)).get(name)
  if (before?.pid === undefined || before.pid === null) throw new Error(`There is no running process '${name}' to kill.`)
  process.kill(before.pid, 'SIGKILL')
  await eventually(async () => {
    const now = (await lineProcesses(line)).get(name)
    return now?.state === 'ready' && now.pid !== before.pid
  }, { deadlineMs: 180_000, everyMs: 250, what: `${name} to be ready again after kill -9` })
}
