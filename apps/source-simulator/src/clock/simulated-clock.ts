import type { Clock } from '@millrace/service'

/** How many simulated seconds pass in a real one; `max` jumps to the end of the data; 0 stands still. */
export type Speed = number | 'max'

export interface SimulatedClockOptions {
  readonly real: Clock
  /** The first moment, epoch milliseconds. */
  readonly start: number
  /** The last moment: here the clock stands still. */
  readonly end: number
  readonly speed: Speed
}

/** The clock of recorded data: it starts where it is told, runs as fast as it is told, and stops where the data ends. */
export class SimulatedClock {
  readonly #real: Clock
  readonly #end: number
  #speed: Speed
  #base: number
  #since: number

  constructor({ real, start, end, speed }: SimulatedClockOptions) {
    this.#real = real
    this.#end = end
    this.#speed = speed
    this.#base = Math.min(start, end)
    this.#since = real.now()
  }

  get end(): number {
    return this.#end
  }

  get speed(): Speed {
    return this.#speed
  }

  now(): number {
    if (this.#speed === 'max') return this.#end
    const passed = Math.max(0, this.#real.now() - this.#since) * this.#speed
    return Math.min(this.#end, Math.floor(this.#base + passed))
  }

  /** Goes on from where it is, or from `start`, at this speed, or as before. */
  set({ speed = this.#speed, start = this.now() }: { readonly speed?: Speed | undefined, readonly start?: number | undefined }): void {
    this.#base = Math.min(start, this.#end)
    this.#since = this.#real.now()
    this.#speed = speed
  }
}
