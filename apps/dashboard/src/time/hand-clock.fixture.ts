import type { Clock } from './clock.ts'

/** A clock that stands still until a test moves it on. */
export class HandClock implements Clock {
  #now = 0
  #next = 0
  readonly #waiting = new Map<number, { readonly at: number; readonly run: () => void }>()

  now(): number {
    return this.#now
  }

  after(ms: number, run: () => void): () => void {
    const id = this.#next++
    this.#waiting.set(id, { at: this.#now + ms, run })
    return () => { this.#waiting.delete(id) }
  }

  /** How long until each of what waits, the soonest first. */
  get waits(): number[] {
    return [...this.#waiting.values()].map(({ at }) => at - this.#now).sort((a, b) => a - b)
  }

  /** Moves the time on, and runs what is due on the way, in its order. */
  pass(ms: number): void {
    const end = this.#now + ms
    for (;;) {
      const [due] = [...this.#waiting].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)
      if (!due) break
      this.#waiting.delete(due[0])
      this.#now = due[1].at
      due[1].run()
    }
    this.#now = end
  }
}
