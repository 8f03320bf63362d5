import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Line } from './line.ts'

/** The launcher's commands, as `npm start` and `npm run …` call them. */
export type LauncherCommand = 'start' | 'status' | 'stop' | 'reset'

/** The environment of a line: the caller's own, and where this line keeps its data and listens. */
export const lineEnvironment = ({ state, portOffset, settings }: Line): NodeJS.ProcessEnv => ({
  ...process.env,
  ...settings,
  MILLRACE_STATE: state,
  MILLRACE_PORT_OFFSET: String(portOffset),
  NX_DAEMON: 'false',
  NX_TUI: 'false',
})

/**
 * Runs a command of the launcher to its end and answers what it printed. Throws with all of that when it fails; `status`
 * may end with 1, which says that not every process is ready.
 */
export const launcher = (line: Line, command: LauncherCommand, ...flags: readonly string[]): Promise<string> =>
  run(line, process.execPath, [join(line.root, 'infra/local', `${command}.mjs`), ...flags], command === 'status' ? [0, 1] : [0])

/** Runs a program in a line's workspace and environment. Throws with all it has printed for an exit code that is not among `accepted`. */
export function run(line: Line, file: string, args: readonly string[], accepted: readonly number[] = [0]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: line.root, env: lineEnvironment(line), stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => { stdout += text })
    child.stderr.setEncoding('utf8').on('data', (text: string) => { stderr += text })
    child.once('error', reject)
    child.once('close', (code, signal) => {
      if (code !== null && accepted.includes(code)) resolve(stdout)
      else reject(new Error(`${[file, ...args].join(' ')} in ${line.root} ended with ${signal ?? `code ${String(code)}`}.\n${stdout}${stderr}`))
    })
  })
}
