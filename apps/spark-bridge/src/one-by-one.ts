import { backOff, systemClock, type Clock } from '@millrace/service'
import { MillraceError } from '@millrace/stream-kit'
import { settledWithin } from './supervise/settled-within.ts'

export interface OneByOneOptions<T> {
  /** Called once, before the first; repeated until it succeeds. */
  readonly begin?: () => Promise<void>
  /** What is to be done next; the store, not this process, knows. */
  readonly next: () => Promise<T | undefined>
  readonly work: (item: T) => Promise<void>
  /** Nobody knows what is to be done. */
  readonly held: (error: MillraceError) => void
  /** The work has failed by what may pass: it is begun again. */
  readonly postponed: (item: T, error: MillraceError) => void
  readonly clock?: Clock
}

const longestFarewellMs = 2_000
const patienceMs = 3_000

/** Does the work that a store holds, one piece after the other, until it is closed. A bug is a rejection that nobody handles: it ends the process. */
export class OneByOne<T> {
  readonly #options: Required<OneByOneOptions<T>>
  readonly #stop = new AbortController()
  readonly #waits = backOff({ baseMs: 2_000, capMs: 30_000 })
  #running: Promise<void> = Promise.resolve()
  #bell = Promise.withResolvers<undefined>()

  constructor(options: OneByOneOptions<T>) {
    this.#options = { clock: systemClock, begin: () => Promise.resolve(), ...options }
  }

  /** Aborted when it closes. */
  get signal(): AbortSignal {
    return this.#stop.signal
  }

  /** Begins when `ready` has settled, or after a moment without it. */
  open(ready: Promise<unknown> = Promise.resolve()): void {
    this.#running = this.#work(ready)
  }

  /** There is something new to do. */
  refresh(): void {
    this.#bell.resolve(undefined)
  }

  /** What is in hand stays to be done. */
  async close(): Promise<void> {
    this.#stop.abort()
    this.refresh()
    await settledWithin(this.#running, longestFarewellMs)
  }

  async #work(ready: Promise<unknown>): Promise<void> {
    const isClosing = () => this.#stop.signal.aborted
    await settledWithin(ready, patienceMs, this.#stop.signal)
    const { begin, next, work, held, postponed } = this.#options
    let hasBegun = false
    while (!isClosing()) {
      this.#bell = Promise.withResolvers()
      let item: T | undefined
      try {
        if (!hasBegun) await begin()
        hasBegun = true
        item = await next()
        if (isClosing()) return
        if (item === undefined) await this.#bell.promise
        else await work(item)
        this.#waits.reset()
      } catch (error) {
        if (isClosing()) return
        if (!(error instanceof MillraceError)) throw error
        if (item === undefined) held(error)
        else postponed(item, error)
        await this.#pause()
      }
    }
  }

  async #pause(): Promise<void> {
    try {
      await this.#options.clock.sleep(this.#waits.next(), this.#stop.signal)
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error
    }
  }
}
