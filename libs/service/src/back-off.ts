export interface BackOffOptions {
  /** The greatest first wait. */
  readonly baseMs: number
  /** The greatest wait ever. */
  readonly capMs: number
  /** From 0 to below 1; tests give their own. */
  readonly random?: () => number
}

export interface BackOff {
  /** How long to wait before the next attempt, in milliseconds. */
  next(): number
  /** The last attempt worked: begin anew. */
  reset(): void
}

/**
 * Exponential back-off with full jitter: each wait is anything from 0 to base × 2^attempt, never above the cap,
 * so that many callers of a system that comes back do not come back at once.
 * The formula is "full jitter" of the AWS Architecture Blog, "Exponential Backoff And Jitter".
 */
export function backOff({ baseMs, capMs, random = Math.random }: BackOffOptions): BackOff {
  let attempt = 0
  return {
    next() {
      const ceiling = Math.min(capMs, baseMs * 2 ** Math.min(attempt, 30))
      attempt += 1
      return Math.round(random() * ceiling)
    },
    reset() { attempt = 0 },
  }
}
