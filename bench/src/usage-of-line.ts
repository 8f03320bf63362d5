import { lineStatus, type Line } from '@millrace/e2e'
import { treeUsage, type Usage } from './process-usage.ts'

export type UsageByName = ReadonlyMap<string, Usage>

/** Finds the processes of the line; the answer looks at once what each has used so far. */
export async function usageOfLine(line: Line): Promise<() => UsageByName> {
  const { launcher, processes } = await lineStatus(line)
  const pids = processes.flatMap(({ name, pid }): [string, number][] => (pid === null ? [] : [[name, pid]]))
  // The launcher's children are the processes, and stand in lines of their own.
  return () => {
    const usages = new Map(pids.map(([name, pid]) => [name, treeUsage(pid)]))
    return launcher === null ? usages : usages.set('launcher', treeUsage(launcher, { without: pids.map(([, pid]) => pid) }))
  }
}
