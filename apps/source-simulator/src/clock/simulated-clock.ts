import type { Clock } from '@millrace/service'

/** How many simulated seconds pass in a real one; `max` jumps to the end of the data; 0 stands still. */
export type Speed = number | 'max'

/** From where, since when and how fast a clock runs: all that it takes to go on with it. */
export interface ClockPosition {
  /** What it showed, epoch milliseconds. */
  readonly base: number
  /** When it did, by the real clock. */
  readonly since: number
  readonly speed: Speed
}

/** Where the position outlives the process. */
export interface PositionKeeper {
  /** The position that was kept last, if there is one. */
  read(): ClockPosition | undefined
  keep(position: ClockPosition): void
}

export interface SimulatedClockOptions {
  readonly real: Clock
  /** The first moment, epoch milliseconds, where no position has been kept. */
  readonly start: number
  /** The last moment: here the clock stands still. */
  readonly end: number
  /** The speed, where no position has been kept. */
  readonly speed: Speed
  readonly keeper?: PositionKeeper
}

/**
 * The clock of recorded data: it starts where it is told, runs as fast as it is told, and stops where the data ends. With
 * a keeper it shows after a restart what it would show without one.
 */
export class SimulatedClock {
  readonly #real: Clock
  readonly #end: number
  readonly #keeper: PositionKeeper | undefined
  #speed: Speed
  #base: number
  #since: number

  constructor({ real, start, end, speed, keeper }: SimulatedClockOptions) {
    this.#real = real
    this.#end = end
    this.#keeper = keeper
    const position = keeper?.read() ?? { base: start, since: real.now(), speed }
    this.#speed = position.speed
    this.#base = Math.min(position.base, end)
    this.#since = position.since
    this.#keep()
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
    this.#keep()
  }

  #keep(): void {
    this.#keeper?.keep({ base: this.#base, since: this.#since, speed: this.#speed })
  }
}
