import { systemClock, type Clock } from '../clock.ts'
import { serviceProblem } from './service.problems.ts'

export interface RateLimitOptions {
  /** So many at once, and so many in each span after that. */
  readonly count: number
  readonly perMs: number
  /** What is limited, in plural, for the message: "new runs". */
  readonly what: string
  readonly clock?: Clock
}

const maxCallers = 10_000

/** A token bucket a caller: `count` at once, refilled evenly over `perMs`. */
export class RateLimit {
  readonly #options: Required<RateLimitOptions>
  readonly #buckets = new Map<string, { tokens: number, at: number }>()

  constructor(options: RateLimitOptions) {
    this.#options = { clock: systemClock, ...options }
  }

  /** Puts one back that was taken for nothing. */
  giveBack(caller: string): void {
    const bucket = this.#buckets.get(caller)
    if (bucket) bucket.tokens = Math.min(this.#options.count, bucket.tokens + 1)
  }

  /** Takes one for this caller, or throws the problem 429 with the time after which there is one again. */
  take(caller: string): void {
    const { count, perMs, what, clock } = this.#options
    const now = clock.now()
    const bucket = this.#buckets.get(caller) ?? { tokens: count, at: now }
    const tokens = Math.min(count, bucket.tokens + Math.max(0, now - bucket.at) * count / perMs)
    this.#buckets.delete(caller)
    this.#buckets.set(caller, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now })
    if (this.#buckets.size > maxCallers) this.#buckets.delete(this.#buckets.keys().next().value ?? '')
    if (tokens >= 1) return
    throw serviceProblem('too_many_requests', {
      detail: `At most ${count} ${what} in ${perMs / 1_000} seconds. Wait for the time in Retry-After.`,
      retryAfterSeconds: (1 - tokens) * perMs / count / 1_000,
    })
  }
}
