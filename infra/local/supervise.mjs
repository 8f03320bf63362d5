import { spawn } from 'node:child_process'
import { closeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { backOff } from './back-off.mjs'
import { lastLines, openLog } from './log-file.mjs'
import { portsFree } from './port-free.mjs'
import { startTicks } from './processes.mjs'
import { writeRunFile } from './run-file.mjs'

const probeEveryMs = 150
const exitsAllowedBeforeReady = 3

/**
 * Keeps one process running. `start` resolves when the process answers for the first time; from then on an exit of whatever
 * kind is followed by a restart, after a back-off and when its ports are free. `stop` ends it: TERM, then KILL.
 *
 * A service is { name, ports, address?, url?, stopWithinMs, command(), ready(), ended?() }.
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
  get #log() { return join(this.#settings.logs, `${this.name}.log`) }

  start() {
    this.#ended = this.#keepRunning()
    return this.#settled.promise
  }

  /** Ends the process and resolves when it is gone; a second call waits for the same end. */
  async stop() {
    this.#stopping = true
    this.#signal('SIGTERM')
    const late = setTimeout(() => this.#signal('SIGKILL'), this.#service.stopWithinMs)
    await this.#ended
    clearTimeout(late)
    this.#note({ state: 'stopped', pid: null, ticks: null })
  }

  #signal(signal) {
    if (this.#child?.exitCode === null && this.#child.signalCode === null) this.#child.kill(signal)
  }

  #note(change) {
    Object.assign(this.#record, change)
    const { address, url, ports } = this.#service
    writeRunFile(this.#settings.run, this.name, { ...this.#record, address: url ?? address ?? null, ports, log: this.#log })
  }

  #waitingFor(what) {
    if (this.#record.waitingFor !== what) this.#note({ waitingFor: what })
  }

  /** The last lines of its log and where the rest is. */
  explain(how, from = 0) {
    const lines = lastLines(this.#log, 15, from)
    return [`${this.name} does not start: ${how}`, ...lines.map((line) => `  | ${line}`), `Its log: ${this.#log}`].join('\n')
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
        this.#settled.reject(new Error(this.explain(how, from)))
        return
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
    const { fd, from } = openLog(this.#log)
    try {
      await portsFree(this.name, this.#service.ports, 15_000)
      const { file, args, cwd, env } = this.#tether.wrap(await this.#service.command())
      if (this.#stopping) return { how: 'stopped', ready: false, from }
      const child = spawn(file, args, { cwd, env: env ?? this.#settings.env, stdio: ['ignore', fd, fd], detached: true })
      this.#child = child
      const exit = exitOf(child)
      if (child.pid !== undefined) {
        this.#tether.tie(child.pid)
        this.#note({ state: 'starting', pid: child.pid, ticks: startTicks(child.pid) ?? null, startedAt: new Date().toISOString() })
      }
      const ready = await this.#becomeReady(child)
      const how = await exit
      if (child.pid !== undefined) this.#tether.untie(child.pid)
      await this.#service.ended?.()
      return { how, ready, from }
    } catch (error) {
      return { how: error.message, ready: false, from }
    } finally {
      closeSync(fd)
    }
  }

  async #becomeReady(child) {
    while (child.exitCode === null && child.signalCode === null && child.pid !== undefined && !this.#stopping) {
      try {
        await this.#service.ready()
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
}

const deferred = () => {
  const out = {}
  out.promise = new Promise((resolve, reject) => Object.assign(out, { resolve, reject }))
  return out
}

const exitOf = (child) => new Promise((resolve) => {
  child.once('error', (error) => resolve(`${error.message}`))
  child.once('exit', (code, signal) => resolve(signal === null ? `code ${code}` : `signal ${signal}`))
})
