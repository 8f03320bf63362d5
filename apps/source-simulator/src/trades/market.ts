import { seededRandom } from '../seeded-random.ts'

/** Twenty made-up shares. */
export const symbols = ['ALDR', 'BRIO', 'CANT', 'DELF', 'ECHO', 'FJRD', 'GLEN', 'HOLM', 'IRIS', 'JUNO', 'KELP', 'LARK', 'MILL', 'NOVA', 'ORCA', 'PINE', 'QUAY', 'REED', 'SAGE', 'TARN'] as const

export interface Deal {
  /** Index into `symbols`. */
  readonly symbol: number
  readonly cents: number
  readonly size: number
}

const leastCents = 100
const mostCents = 100_000_000

/** The deals of a market, one after the other: a random walk of each share's price, the same for the same seed. */
export class Market {
  readonly #random: () => number
  readonly #cents: Int32Array

  constructor(seed: number) {
    this.#random = seededRandom(`market:${seed}`)
    this.#cents = Int32Array.from(symbols, () => Math.round(1_000 + this.#random() * 49_000))
  }

  next(): Deal {
    const symbol = Math.floor(this.#random() * symbols.length)
    const before = this.#cents[symbol] ?? leastCents
    const step = Math.round(before * (this.#random() - 0.5) * 0.004)
    const cents = Math.min(mostCents, Math.max(leastCents, before + step))
    this.#cents[symbol] = cents
    // Many small deals, few large ones: exponential, a hundred on average.
    const size = 1 + Math.floor(-Math.log(1 - this.#random()) * 99)
    return { symbol, cents, size }
  }
}
