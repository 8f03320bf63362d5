import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { waitUntil } from '@millrace/service'
import type { Line } from '../../line/line.ts'
import { forgetClock } from './wrong-clock.ts'

export const engines = ['kafka', 'cassandra', 'spark'] as const
export const workers = ['ingestion', 'spark-bridge', 'materializer', 'query-api'] as const
export type ProcessName = (typeof engines)[number] | (typeof workers)[number]

/** What the launcher has written down about a process. */
interface Noted {
  readonly pid: number | null
  readonly state: string
  readonly restarts: number
}

const backWithinMs = 240_000

/** Those that the drills have started: they end with this process, however it ends. */
const ours = new Set<ChildProcess>()
process.once('exit', () => { for (const child of ours) child.kill('SIGKILL') })

/** Does to the processes of a line what can happen to them. The launcher starts those again that end. */
export class Processes {
  constructor(private readonly line: Line) {}

  noted(name: ProcessName): Noted {
    return JSON.parse(readFileSync(join(this.line.state, 'run', `${name}.json`), 'utf8')) as Noted
  }

  /** A process that a drill has started ends with the drills. */
  ends(child: ChildProcess): void {
    ours.add(child)
    child.once('exit', () => {
      ours.delete(child)
      if (child.pid !== undefined) forgetClock(child.pid)
    })
  }

  /** The process that runs. */
  async pid(name: ProcessName): Promise<number> {
    return await waitUntil(() => this.noted(name).pid, { deadlineMs: backWithinMs, everyMs: 20, what: `a process ${name}` })
  }

  /** Sends a signal to the process that runs; answers its number. */
  async signal(name: ProcessName, signal: NodeJS.Signals): Promise<number> {
    const pid = await this.pid(name)
    process.kill(pid, signal)
    return pid
  }

  /** kill -9; the next process is on its way. */
  kill(name: ProcessName): Promise<number> {
    return this.signal(name, 'SIGKILL')
  }

  /** kill -9 and a while in which there is none: the next process is held before it listens. */
  async killFor(name: ProcessName, ms: number): Promise<void> {
    const next = await this.killAndHold(name)
    await pause(ms)
    next.goOn()
  }

  /** kill -9; the process that the launcher starts next stands still until it is told to go on. */
  async killAndHold(name: ProcessName): Promise<{ goOn(): void }> {
    return this.holdNext(name, await this.kill(name))
  }

  /** The process that the launcher starts after this one, which is gone, stands still until it is told to go on. */
  async holdNext(name: ProcessName, old: number): Promise<{ goOn(): void }> {
    const pid = await waitUntil(() => {
      const next = this.noted(name).pid
      return next !== old && next
    }, { deadlineMs: backWithinMs, everyMs: 5, what: `another process ${name}` })
    process.kill(pid, 'SIGSTOP')
    return { goOn: () => { goOn(pid) } }
  }

  /** SIGSTOP, a while, SIGCONT. */
  async freeze(name: ProcessName, ms: number): Promise<void> {
    const pid = await this.signal(name, 'SIGSTOP')
    await pause(ms)
    goOn(pid)
  }

  /** Waits until another process than this one is ready. */
  async ready(name: ProcessName, but: number): Promise<void> {
    await waitUntil(() => {
      const { pid, state } = this.noted(name)
      return state === 'ready' && pid !== but
    }, { deadlineMs: backWithinMs, everyMs: 100, what: `${name} to be ready again` })
  }
}

/** A process that was killed while it stood still is gone, and that is as it should be. */
function goOn(pid: number): void {
  try {
    process.kill(pid, 'SIGCONT')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
