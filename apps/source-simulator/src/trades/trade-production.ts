import type { Clock } from '@millrace/service'
import { seededRandom } from '../seeded-random.ts'
import { Market } from './market.ts'
import type { Tape } from './tape.ts'

export interface Pace {
  /** New trades a second; 0 stands still. */
  readonly rate: number
  /** Produce so many new trades more, then stand still; null goes on. */
  readonly stopAfter: number | null
  /** Of all entries, the share that repeats one of the last thousand, with its id and its time, under a new number. */
  readonly duplicateShare: number
  /** A trade's time lies up to so long before the moment it is produced. */
  readonly disorderMs: number
}

export interface TradeProductionOptions {
  readonly tape: Tape
  readonly seed: number
  readonly clock: Clock
  readonly rate: number
}

const repeatedAmong = 1_000
const clockJumpMs = 1_000

/**
 * Puts trades on the tape at an even pace. `catchUp` produces all that are due by now, each with the moment it was due as its
 * time, so a reader finds them as fresh as if each had been produced at its moment.
 */
export class TradeProduction {
  readonly #tape: Tape
  readonly #clock: Clock
  readonly #market: Market
  readonly #chance: () => number
  #pace: Pace
  #from: number
  #since = 0
  #seen: number
  #counts = { produced: 0, duplicates: 0 }

  constructor({ tape, seed, clock, rate }: TradeProductionOptions) {
    this.#tape = tape
    this.#clock = clock
    this.#market = new Market(seed)
    this.#chance = seededRandom(`chance:${seed}`)
    this.#pace = { rate, stopAfter: null, duplicateShare: 0, disorderMs: 0 }
    this.#from = clock.now()
    this.#seen = this.#from
  }

  get pace(): Pace {
    return this.#pace
  }

  /** New trades and repetitions so far. */
  get counts(): { readonly produced: number, readonly duplicates: number } {
    return this.#counts
  }

  /** Changes the pace from now on; what is left out stays as it was. A new rate without `stopAfter` lifts an old stop. */
  change(change: { readonly [Name in keyof Pace]?: Pace[Name] | undefined }): void {
    this.catchUp()
    const { rate = this.#pace.rate, duplicateShare = this.#pace.duplicateShare, disorderMs = this.#pace.disorderMs } = change
    const stopAfter = change.stopAfter ?? (change.rate === undefined ? this.#pace.stopAfter : null)
    this.#pace = { rate, duplicateShare, disorderMs, stopAfter }
    this.#startFrom(this.#clock.now())
  }

  catchUp(): void {
    const now = this.#clock.now()
    // A clock that was set back would stop the market for as long.
    if (now < this.#seen - clockJumpMs) this.#startFrom(now)
    this.#seen = now
    const { rate, stopAfter } = this.#pace
    if (rate === 0) return
    const due = Math.floor((now - this.#from) * rate / 1_000) - this.#since
    // After a long standstill only the last trades would be kept anyway.
    if (due > this.#tape.capacity) this.#since += due - this.#tape.capacity
    const count = Math.max(0, Math.min(due, this.#tape.capacity, stopAfter ?? Infinity))
    for (let index = 0; index < count; index++) {
      this.#since += 1
      this.#produce(Math.floor(this.#from + this.#since * 1_000 / rate))
    }
    if (stopAfter !== null) this.#pace = { ...this.#pace, stopAfter: stopAfter - count, rate: stopAfter === count ? 0 : rate }
  }

  #startFrom(now: number): void {
    this.#from = now
    this.#since = 0
  }

  #produce(moment: number): void {
    const { duplicateShare, disorderMs } = this.#pace
    while (duplicateShare > 0 && this.#chance() < duplicateShare && this.#repeat());
    this.#tape.append(this.#market.next(), moment - Math.floor(disorderMs === 0 ? 0 : this.#chance() * (disorderMs + 1)))
    this.#counts = { ...this.#counts, produced: this.#counts.produced + 1 }
  }

  #repeat(): boolean {
    const seq = this.#tape.latest - Math.floor(this.#chance() * Math.min(repeatedAmong, this.#tape.kept))
    const entry = this.#tape.find(seq)
    if (entry === undefined) return false
    this.#tape.append(entry, entry.tradedAt, entry.original)
    this.#counts = { ...this.#counts, duplicates: this.#counts.duplicates + 1 }
    return true
  }
}
