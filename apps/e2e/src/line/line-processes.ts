import { launcher } from './launcher.ts'
import type { Line } from './line.ts'

/** A process of the line as `npm run status -- --json` shows it. */
export interface LineProcess {
  readonly name: string
  readonly pid: number | null
  readonly state: string
  readonly restarts: number
}

/** All processes of the line, by name. */
export async function lineProcesses(line: Line): Promise<Map<string, LineProcess>> {
  const shown = JSON.parse(await launcher(line, 'status', '--json')) as { processes: readonly LineProcess[] }
  return new Map(shown.processes.map((one) => [one.name, one]))
}
