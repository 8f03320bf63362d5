import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { eventually } from '../../line/eventually.ts'
import { everyQueryRuns } from '../../line/every-query-runs.ts'
import type { Line } from '../../line/line.ts'
import type { Processes } from './processes.ts'
import { startedLike } from './started-like.ts'

/** A Spark server with other settings in the place of the launcher's, at the same ports; the launcher's next one is held meanwhile. */
export class SparkStandIn {
  #own: { goOn(): void } | null
  readonly #child: ChildProcess
  readonly #ended: Promise<void>

  private constructor(child: ChildProcess, own: { goOn(): void }) {
    this.#child = child
    this.#own = own
    this.#ended = new Promise((resolve) => { child.once('exit', () => { resolve() }) })
  }

  /** kill -9 of the launcher's, and one like it with these settings on top; resolves when every query runs on it. */
  static async start(line: Line, processes: Processes, settings: Readonly<Record<string, string>>): Promise<SparkStandIn> {
    const { file, args, env, cwd } = startedLike(await processes.pid('spark'))
    const own = await processes.killAndHold('spark')
    const log = openSync(join(line.state, 'logs/spark-stand-in.log'), 'a', 0o600)
    const child = spawn(file, args, { cwd, env: { ...env, ...settings }, stdio: ['ignore', log, log] })
    closeSync(log)
    processes.ends(child)
    const standIn = new SparkStandIn(child, own)
    try {
      await eventually(() => everyQueryRuns(line), { deadlineMs: 240_000, everyMs: 500, what: 'every query to run on another Spark' })
    } catch (error) {
      await standIn.handBack()
      throw error
    }
    return standIn
  }

  /** kill -9 of it; the launcher's own goes on. */
  async handBack(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGKILL')
    await this.#ended
    this.#own?.goOn()
    this.#own = null
  }
}
