import { launcher } from './launcher.ts'
import type { Line } from './line.ts'

/** A process of the line as `npm run status -- --json` shows it. */
export interface LineProcess {
  readonly name: string
  readonly pid: number | null
  readonly state: string
  readonly restarts: number
}

export interface LineStatus {
  /** The process that supervises the others. */
  readonly launcher: number | null
  readonly processes: readonly LineProcess[]
}

export const lineStatus = async (line: Line): Promise<LineStatus> => JSON.parse(await launcher(line, 'status', '--json')) as LineStatus

/** One process of the line. Throws when there is none of that name. */
export async function lineProcess(line: Line, name: string): Promise<LineProcess> {
  const { processes } = await lineStatus(line)
  const found = processes.find((one) => one.name === name)
  if (!found) throw new Error(`There is no process '${name}'; there is ${processes.map((one) => one.name).join(', ')}.`)
  return found
}
