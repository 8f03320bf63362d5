/** The process is gone: whatever was under way is never heard of again. */
export class Crash extends Error {
  override readonly name = 'Crash'
}

/** What a call that fails at the n-th time throws: a crash, after which nothing works, or an error that passes. */
export type Failure = (where: string) => Error

/** Fails at the n-th call to anything that reaches out, before or after it has had its effect. */
export class CrashPlan {
  calls = 0
  #isDead = false
  /** What the calls were, to see in a failing test where it died. */
  readonly log: string[] = []

  constructor(private readonly at: number = Number.POSITIVE_INFINITY, private readonly moment: 'before' | 'after' = 'before', private readonly failure: Failure = (where) => new Crash(where)) {}

  #fail(where: string): Error {
    const failure = this.failure(where)
    this.#isDead = failure instanceof Crash
    return failure
  }

  /** The same port, with this plan. */
  on<T extends object>(name: string, port: T): T {
    return new Proxy(port, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key, target)
        if (typeof value !== 'function') return value
        return async (...args: unknown[]) => {
          if (this.#isDead) throw new Crash('called after the crash')
          const number = (this.calls += 1)
          this.log.push(`${name}.${String(key)}`)
          if (number === this.at && this.moment === 'before') throw this.#fail(`before ${name}.${String(key)}`)
          const result: unknown = await (value as (...all: unknown[]) => unknown).apply(target, args)
          if (number === this.at) throw this.#fail(`after ${name}.${String(key)}`)
          return result
        }
      },
    })
  }
}
