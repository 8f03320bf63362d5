import { lineProcesses, type Line } from '@millrace/e2e'
import { treeUsage, type Usage } from './process-usage.ts'

/** What each process of the line has used so far, by name. */
export async function usageOfLine(line: Line): Promise<ReadonlyMap<string, Usage>> {
  const processes = [...(await lineProcesses(line)).values()]
  return new Map(processes.flatMap(({ name, pid }) => (pid === null ? [] : [[name, treeUsage(pid)]])))
}
