import { Injectable } from '@nestjs/common'
import { systemClock } from '../clock.ts'
import { errorCode } from '../error-code.ts'
import { dependencyFound, dependencyLost } from '../service.signals.ts'

/** Throws, or rejects, while what it asks is missing. */
export type HealthCheck = () => Promise<void> | void

export interface Readiness {
  readonly isReady: boolean
  /** `ok`, or the code of what is wrong; never a message, which may name hosts. */
  readonly checks: Readonly<Record<string, string>>
}

const limitMs = 2_000
const freshMs = 200

/** Whether this worker can work. Every adapter adds a check; all of them are asked at once, each within two seconds. */
@Injectable()
export class Health {
  readonly #checks = new Map<string, HealthCheck>()
  readonly #states = new Map<string, string>()
  #stopping = false
  #last: { readonly at: number, readonly answer: Promise<Readiness> } | undefined

  /** From now on the worker is ready only while this check passes. */
  add(name: string, check: HealthCheck): void {
    if (this.#checks.has(name)) throw new Error(`The health check '${name}' is added twice. Give one of them another name.`)
    this.#checks.set(name, check)
    this.#last = undefined
  }

  /** From now on the worker is not ready: it is going. */
  stop(): void {
    this.#stopping = true
    this.#last = undefined
  }

  /** Asks all checks. Answers within 200 ms of each other share one asking, so that health costs its dependencies little. */
  readiness(): Promise<Readiness> {
    const now = systemClock.now()
    if (this.#last === undefined || now - this.#last.at >= freshMs) this.#last = { at: now, answer: this.#ask() }
    return this.#last.answer
  }

  async #ask(): Promise<Readiness> {
    if (this.#stopping) return { isReady: false, checks: { worker: 'stopping' } }
    const results = await Promise.all([...this.#checks].map(async ([name, check]) => [name, await this.#askOne(name, check)] as const))
    return { isReady: results.every(([, state]) => state === 'ok'), checks: Object.fromEntries(results) }
  }

  async #askOne(name: string, check: HealthCheck): Promise<string> {
    const limit = new AbortController()
    try {
      await Promise.race([check(), systemClock.sleep(limitMs, limit.signal).then(() => { throw Object.assign(new Error(`No answer within ${limitMs} ms.`), { code: 'no_answer' }) })])
      if (this.#states.get(name) !== 'ok') dependencyFound({ dependency: name, ready: 1 })
      this.#states.set(name, 'ok')
      return 'ok'
    } catch (error) {
      const code = errorCode(error) ?? 'failed'
      if (this.#states.get(name) !== code) dependencyLost({ dependency: name, ready: 0, error })
      this.#states.set(name, code)
      return code
    } finally {
      limit.abort()
    }
  }
}
