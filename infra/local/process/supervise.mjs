import { spawn } from 'node:child_process'
import { closeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { backOff } from './back-off.mjs'
import { endOffspring, markName, offspringOf } from './offspring.mjs'
import { lastLines, openLog, trimLog } from './log-file.mjs'
import { portsFree } from './port-free.mjs'
import { lowerPriority, usualPriority } from './priority.mjs'
import { startTicks } from './processes.mjs'
import { runFile, writeRunFile } from './run-file.mjs'

const probeEveryMs = 200
const exitsAllowedBeforeReady = 3
const trimEveryMs = 60_000
const readyWithinMs = 180_000
const portsFreeWithinMs = 15_000

/**
 * Keeps one process running. `start` resolves when the process answers for the first time; from then on an exit of whatever
 * kind is followed by a restart, after a back-off and when its ports are free. `stop` ends it: TERM, then KILL. Whatever the
 * process has started ends with it, however it ends.
 *
 * A service is { name, ports, address?, url?, stopWithinMs, command({ say }), ready({ startedAt }), ended?(), workersStopWithinMs?,
 * patient? }. Its processes under it may be killed before it, when it waits for them (`workersStopWithinMs`); while a `patient`
 * one starts, the others go first, as long as they start too.
 */
export class Supervised {
  #service
  #settings
  #tether
  #delay
  #say
  #child
  #stopping = false
  #record = { state: 'starting', pid: null, ticks: null, startedAt: null, restarts: 0, lastExit: null, waitingFor: null }
  #settled = deferred()
  #ended = Promise.resolve()

  constructor(service, { settings, tether, say, delay = backOff() }) {
    this.#service = service
    this.#settings = settings
    this.#tether = tether
    this.#say = say
    this.#delay = delay
  }

  get name() { return this.#service.name }
  get #mark() { return runFile(this.#settings.run, this.name) }
  get #offspring() { return { session: this.#child?.pid, mark: this.#mark } }
  get #log() { return join(this.#settings.logs, `${this.name}.log`) }

  start() {
    const trimming = setInterval(() => this.#attempt(() => trimLog(this.#log)), trimEveryMs)
    const patience = setTimeout(() => this.#fail(`it is not ready after ${readyWithinMs / 1000} s: ${this.#record.waitingFor}`), readyWithinMs)
    this.#settled.promise.catch(() => undefined).finally(() => clearTimeout(patience))
    this.#ended = this.#keepRunning().finally(() => clearInterval(trimming))
    return this.#settled.promise
  }

  /** Ends the process and resolves when it is gone; a second call waits for the same end. */
  async stop() {
    this.#stopping = true
    this.#signal('SIGTERM')
    const late = setTimeout(() => this.#signal('SIGKILL'), this.#service.stopWithinMs)
    const { workersStopWithinMs } = this.#service
    const workers = workersStopWithinMs === undefined ? undefined : setTimeout(() => void this.#endWorkers(), workersStopWithinMs)
    await this.#ended
    clearTimeout(late)
    clearTimeout(workers)
    this.#note({ state: 'stopped', pid: null, ticks: null })
  }

  async #keepRunning() {
    let wasReady = false
    for (let exits = 1; !this.#stopping; exits++) {
      const begun = Date.now()
      const { how, ready, from } = await this.#runOnce()
      wasReady ||= ready
      if (this.#stopping) break
      if (!wasReady && exits >= exitsAllowedBeforeReady) {
        this.#note({ state: 'failed', pid: null, ticks: null, lastExit: how })
        return this.#fail(how, from)
      }
      const waitMs = this.#delay(Date.now() - begun)
      this.#note({ state: 'restarting', pid: null, ticks: null, lastExit: how, restarts: this.#record.restarts + 1 })
      this.#say(`${this.name} ended (${how}); starting it again in ${waitMs / 1000} s. Log: ${this.#log}`)
      for (const until = Date.now() + waitMs; Date.now() < until && !this.#stopping;) await pause(Math.min(100, waitMs))
    }
    this.#settled.reject(new Error(`${this.name} was stopped before it was ready.`))
  }

  /** One life of the process; never throws: what went wrong is how it ended. */
  async #runOnce() {
    let log
    try {
      log = openLog(this.#log)
      await portsFree(this.name, this.#service.ports, portsFreeWithinMs, (problem) => this.#waitingFor(problem))
      const command = await this.#service.command({ say: (text) => this.#say(`${this.name}: ${text}.`) })
      if (this.#stopping) return { how: 'stopped', ready: false, from: log.from }
      return { ...await this.#live(this.#tether.wrap(command), log.fd), from: log.from }
    } catch (error) {
      return { how: error.message, ready: false, from: log?.from ?? 0 }
    } finally {
      if (log !== undefined) closeSync(log.fd)
    }
  }

  /** From the start of the process to its end, which is waited for whatever else happens. */
  async #live({ file, args, cwd, env }, fd) {
    // A session of its own: a Ctrl-C on the terminal is for the launcher, which stops its children in order.
    const child = spawn(file, args, { cwd, env: { ...(env ?? this.#settings.env), [markName]: this.#mark }, stdio: ['ignore', fd, fd], detached: true })
    const exit = exitOf(child)
    this.#child = child
    if (child.pid === undefined) return { how: await exit, ready: false }
    this.#tether.tie(child.pid)
    const startedAt = new Date()
    this.#note({ state: 'starting', pid: child.pid, ticks: startTicks(child.pid) ?? null, startedAt: startedAt.toISOString() })
    if (this.#service.patient) lowerPriority(child.pid)
    const ready = await this.#becomeReady(child, startedAt)
    if (this.#service.patient) offspringOf(this.#offspring).forEach(usualPriority)
    const how = await exit
    await endOffspring(this.#offspring)
    this.#tether.untie(child.pid)
    await this.#attempt(() => this.#service.ended?.())
    return { how, ready }
  }

  async #becomeReady(child, startedAt) {
    while (isAlive(child) && !this.#stopping) {
      try {
        await this.#service.ready({ startedAt })
        this.#note({ state: 'ready', waitingFor: null })
        this.#settled.resolve()
        return true
      } catch (error) {
        this.#waitingFor(error.message)
        await pause(probeEveryMs)
      }
    }
    return false
  }

  #waitingFor(what) {
    if (this.#record.waitingFor !== what) this.#note({ waitingFor: what })
  }

  /** A process that waits for what it has started is not killed with it. */
  #endWorkers() {
    if (this.#child !== undefined && isAlive(this.#child)) return endOffspring(this.#offspring, { but: this.#child.pid, withinMs: 0 })
  }

  #signal(signal) {
    if (this.#child !== undefined && isAlive(this.#child)) this.#child.kill(signal)
  }

  #fail(how, from = 0) {
    const lines = lastLines(this.#log, 15, from).map((line) => `  | ${line}`)
    this.#settled.reject(new Error([`${this.name} does not start: ${how}`, ...lines, `Its log: ${this.#log}`].join('\n')))
  }

  #note(change) {
    Object.assign(this.#record, change)
    const { address, url, ports } = this.#service
    void this.#attempt(() => writeRunFile(this.#settings.run, this.name, { ...this.#record, address: url ?? address, ports, log: this.#log }))
  }

  /** Book-keeping that fails, as on a full disk, is said; it is no reason to stop looking after the process. */
  async #attempt(work) {
    try {
      await work()
    } catch (error) {
      this.#say(`${this.name}: ${error.message}`)
    }
  }
}

const isAlive = (child) => child.pid !== undefined && child.exitCode === null && child.signalCode === null

const deferred = () => {
  const out = {}
  out.promise = new Promise((resolve, reject) => Object.assign(out, { resolve, reject }))
  return out
}

const exitOf = (child) => new Promise((resolve) => {
  child.once('error', (error) => resolve(`${error.message}`))
  child.once('exit', (code, signal) => resolve(signal === null ? `code ${code}` : `signal ${signal}`))
})
