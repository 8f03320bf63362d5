import { SimulatedClock, type PositionKeeper, type Speed } from '../clock/simulated-clock.ts'
import { systemClock, type Clock } from '@millrace/service'
import { appearances, type Appearance } from './appearances.ts'
import type { FdsnQuery } from './fdsn-query.ts'
import type { Quake } from './quake.ts'
import { quakesAt } from './quake-feed.ts'
import { ServedQuakes } from './served-quakes.ts'

export interface EarthquakeServiceOptions {
  readonly quakes: readonly Quake[]
  readonly seed: number
  readonly speed: Speed
  readonly real?: Clock
  /** Where the clock's position outlives the process; without one it begins anew. */
  readonly keeper?: PositionKeeper
}

const fortyEightHours = 48 * 3_600_000

/** The recorded earthquakes behind a clock of their own: the first 48 hours have already passed when it first starts. */
export class EarthquakeService {
  readonly served = new ServedQuakes()
  readonly clock: SimulatedClock
  readonly #appearances: readonly Appearance[]

  constructor({ quakes, seed, speed, real = systemClock, keeper }: EarthquakeServiceOptions) {
    this.#appearances = appearances(quakes, seed)
    const start = quakes.reduce((least, { properties: { time } }) => Math.min(least, time), Infinity) + fortyEightHours
    const end = this.#appearances.reduce((greatest, { revisedAt }) => Math.max(greatest, revisedAt), 0)
    this.clock = new SimulatedClock({ real, start, end, speed, ...keeper && { keeper } })
  }

  now(): number {
    return this.clock.now()
  }

  find(query: FdsnQuery, now = this.now()): Quake[] {
    return quakesAt(this.#appearances, now, query)
  }

  /** How much of the data can be read now. */
  counts(now = this.now()): { readonly total: number, readonly visible: number, readonly revised: number } {
    return {
      total: this.#appearances.length,
      visible: this.#appearances.filter(({ appearsAt }) => appearsAt <= now).length,
      revised: this.#appearances.filter(({ revisedAt }) => revisedAt <= now).length,
    }
  }
}
