/** The process is gone: whatever was under way is never heard of again. */
export class Crash extends Error {
  override readonly name = 'Crash'
}

/** Dies at the n-th call to anything that reaches out, before or after it has had its effect. */
export class CrashPlan {
  calls = 0
  /** What the calls were, to see in a failing test where it died. */
  readonly log: string[] = []

  constructor(private readonly at: number = Number.POSITIVE_INFINITY, private readonly moment: 'before' | 'after' = 'before') {}

  /** The same port, with this plan. */
  on<T extends object>(name: string, port: T): T {
    return new Proxy(port, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key, target)
        if (typeof value !== 'function') return value
        return async (...args: unknown[]) => {
          this.calls += 1
          this.log.push(`${name}.${String(key)}`)
          if (this.calls > this.at) throw new Crash('called after the crash')
          if (this.calls === this.at && this.moment === 'before') throw new Crash(`before ${name}.${String(key)}`)
          const result: unknown = await (value as (...all: unknown[]) => unknown).apply(target, args)
          if (this.calls === this.at) throw new Crash(`after ${name}.${String(key)}`)
          return result
        }
      },
    })
  }
}
