import type { Problem } from '../api/problem.ts'
import type { Reading } from '../api/read-json.ts'
import { backOffMs } from '../time/back-off.ts'
import type { Clock } from '../time/clock.ts'

/** What a poll knows. The last value stays while newer ones fail, with the time when it was true. */
export interface Polled<T> {
  readonly value: T | null
  /** When the value came, by the page's clock. */
  readonly at: number | null
  /** query-api's clock less the page's. */
  readonly serverAheadMs: number
  /** Why the last try brought nothing; null when it brought the value. */
  readonly problem: Problem | null
  /** When the first try since the last value failed. */
  readonly failingSince: number | null
}

interface PollLoopOptions<T> {
  readonly read: (signal: AbortSignal) => Promise<Reading<T>>
  readonly everyMs: number
  readonly clock: Clock
  readonly random: () => number
  readonly onChange: (polled: Polled<T>) => void
}

const mostMs = 30_000

/** Reads something again and again, one read at a time, until it is stopped. It rests while nobody looks. */
export class PollLoop<T> {
  #polled: Polled<T> = { value: null, at: null, serverAheadMs: 0, problem: null, failingSince: null }
  #failures = 0
  #isWatched = false
  #cancel: (() => void) | null = null
  #reading: AbortController | null = null

  constructor(private readonly options: PollLoopOptions<T>) {}

  get polled(): Polled<T> {
    return this.#polled
  }

  /** Whether somebody looks: the loop reads at once when it is looked at again. */
  watch(isWatched: boolean): void {
    if (isWatched === this.#isWatched) return
    this.#isWatched = isWatched
    if (isWatched) void this.#readOnce()
    else this.#rest()
  }

  stop(): void {
    this.#isWatched = false
    this.#rest()
  }

  #rest(): void {
    this.#cancel?.()
    this.#cancel = null
    this.#reading?.abort()
    this.#reading = null
  }

  async #readOnce(): Promise<void> {
    const { read, clock, onChange, everyMs, random } = this.options
    const reading = new AbortController()
    this.#reading = reading
    const answer = await read(reading.signal).catch((error: unknown) => {
      if (!reading.signal.aborted) throw error
      return null
    })
    if (answer === null || reading.signal.aborted) return
    this.#reading = null
    this.#polled = this.#next(answer, clock.now())
    const { problem } = this.#polled
    const waitMs = problem ? backOffMs(this.#failures, { firstMs: everyMs, mostMs: Math.max(everyMs, mostMs), random }, problem.retryAfterMs) : everyMs
    this.#cancel = clock.after(waitMs, () => { void this.#readOnce() })
    onChange(this.#polled)
  }

  #next(answer: Reading<T>, now: number): Polled<T> {
    if ('problem' in answer) {
      this.#failures += 1
      return { ...this.#polled, problem: answer.problem, failingSince: this.#polled.failingSince ?? now }
    }
    this.#failures = 0
    return { value: answer.value, at: now, serverAheadMs: answer.serverNow - now, problem: null, failingSince: null }
  }
}
