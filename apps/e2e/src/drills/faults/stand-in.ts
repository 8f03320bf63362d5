import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { waitUntil } from '@millrace/service'
import type { Line } from '../../line/line.ts'
import type { Processes, ProcessName } from './processes.ts'
import { startedLike } from './started-like.ts'

const ports = { ingestion: 13_001, materializer: 13_003 } as const
/** Beside the ports of the line. */
const aside = 50

type Replaceable = keyof typeof ports

/** One more process of a worker, with other settings than the launcher's. */
export class StandIn {
  readonly url: string
  readonly #child: ChildProcess
  readonly #ended: Promise<void>

  private constructor(child: ChildProcess, url: string) {
    this.#child = child
    this.url = url
    this.#ended = new Promise((resolve) => { child.once('exit', () => { resolve() }) })
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** Starts it as the launcher started its own, with these settings on top; resolves when it answers. */
  static async start(line: Line, processes: Processes, name: Replaceable, settings: NodeJS.ProcessEnv = {}, nth = 0): Promise<StandIn> {
    const like = startedLike(await processes.pid(name))
    const port = ports[name] + line.portOffset + aside + nth
    const env = { ...like.env, ...settings, [`MILLRACE_${name.toUpperCase()}_PORT`]: String(port) }
    const log = openSync(join(line.state, 'logs', `${name}-stand-in.log`), 'a', 0o600)
    const child = spawn(like.file, like.args, { cwd: line.root, env, stdio: ['ignore', log, log] })
    closeSync(log)
    const standIn = new StandIn(child, `http://127.0.0.1:${port}`)
    processes.ends(child)
    await waitUntil(async () => (await fetch(`${standIn.url}/health/live`, { signal: AbortSignal.timeout(2_000) })).ok, { deadlineMs: 60_000, everyMs: 100, what: `a second ${name} to answer` })
    return standIn
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** Ends it, if it still runs; a stopped process goes too. */
  async kill(): Promise<void> {
    if (this.isRunning) this.#child.kill('SIGKILL')
    await this.#ended
  }

  async end(): Promise<void> {
    await this.#ended
  }
}

/** By this name a process takes over at once what the line's own ingestion held. */
export const ingestionInstance = (line: Line): string => `${hostname()}:${ports.ingestion + line.portOffset}`

/** Stops the line's own process, kill -9 of which lets the launcher start the next. */
export const setAside = async (processes: Processes, name: ProcessName): Promise<number> => processes.signal(name, 'SIGSTOP')
