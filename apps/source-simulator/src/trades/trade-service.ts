import { systemClock, type Clock } from '@millrace/service'
import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common'
import { problem } from '../simulator.problems.ts'
import { symbols } from './market.ts'
import { Tape, type Entry } from './tape.ts'
import { TradeProduction } from './trade-production.ts'

/** A trade as the API answers it. */
export interface Trade {
  readonly seq: number
  readonly id: string
  readonly symbol: string
  readonly price: number
  readonly size: number
  readonly tradedAt: string
}

export interface TradePage {
  readonly trades: readonly Trade[]
  /** What to ask for next with `after`, or with `offset` in a range; null when there is no more just now. */
  readonly next: number | null
}

/** A span of the trades' own time, epoch milliseconds: from `from` to before `to`. */
export interface TradeRange {
  readonly from: number
  readonly to: number
  readonly offset: number
  readonly limit: number
}

export type ServedTrade = Trade & { readonly timesServed: number }

export interface TradeServiceOptions {
  readonly seed: number
  readonly rate: number
  readonly kept: number
  readonly clock?: Clock
}

const tickMs = 1_000
const greatestSkip = 100_000_000

/** Synthetic trades in real time, read by sequence number, and what has been served of them. */
export class TradeService implements OnModuleInit, OnModuleDestroy {
  readonly production: TradeProduction
  readonly tape: Tape
  readonly #seed: number
  #served = { distinct: 0, served: 0 }
  #timer: NodeJS.Timeout | undefined

  constructor({ seed, rate, kept, clock = systemClock }: TradeServiceOptions) {
    this.#seed = seed
    this.tape = new Tape(kept)
    this.production = new TradeProduction({ tape: this.tape, seed, clock, rate })
  }

  /** Readers bring production up to date; the timer does where nobody reads. */
  onModuleInit(): void {
    this.#timer = setInterval(() => { this.production.catchUp() }, tickMs)
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer)
  }

  /** The trades after a number. Throws a problem where some of them are no longer kept. */
  read(after: number, limit: number): TradePage {
    this.production.catchUp()
    this.#goOnAfter(after)
    if (after < this.tape.dropped) {
      throw problem('trades_dropped', {
        detail: `Of the trades after ${after} those up to ${this.tape.dropped} are no longer kept; the last ${this.tape.capacity} are. Go on with after=${this.tape.dropped}; what lies between is lost. MILLRACE_SIMULATOR_TRADES_KEPT keeps more.`,
      })
    }
    const entries = this.tape.read(after, limit)
    const last = entries.at(-1)?.seq ?? after
    return { trades: entries.map((entry) => this.#trade(entry)), next: last < this.tape.latest ? last : null }
  }

  /** The trades of a span of their own time, by what has been produced up to now. Throws a problem where some of it is no longer kept. */
  readRange({ from, to, offset, limit }: TradeRange): TradePage {
    this.production.catchUp()
    const [oldest] = this.tape.read(0, 1)
    if (this.tape.dropped > 0 && oldest !== undefined && from < oldest.tradedAt) {
      throw problem('trades_dropped', {
        detail: `Trades before ${new Date(oldest.tradedAt).toISOString()} are no longer kept; the last ${this.tape.capacity} are. Ask with a later from. MILLRACE_SIMULATOR_TRADES_KEPT keeps more.`,
      })
    }
    const entries = this.tape.between({ from, to, offset, limit: limit + 1 })
    return { trades: entries.slice(0, limit).map((entry) => this.#trade(entry)), next: entries.length > limit ? offset + limit : null }
  }

  /** Notes the trades of one answer as served. */
  note(trades: readonly Trade[]): void {
    for (const { seq } of trades) {
      const original = this.tape.find(seq)?.original
      if (original === undefined) continue
      this.#served = { served: this.#served.served + 1, distinct: this.#served.distinct + (this.tape.noteServed(original) === 1 ? 1 : 0) }
    }
  }

  /** Counts of all answers so far. */
  get totals(): { readonly distinct: number, readonly served: number } {
    return this.#served
  }

  /** Up to `limit` distinct trades after a number that have been served at least once, as far as they are kept. */
  servedAfter(after: number, limit: number): ServedTrade[] {
    const found: ServedTrade[] = []
    for (let from = after; found.length < limit;) {
      const entries = this.tape.read(from, 10_000)
      for (const entry of entries) {
        const timesServed = entry.original === entry.seq ? this.tape.timesServed(entry.seq) : 0
        if (timesServed > 0 && found.length < limit) found.push({ ...this.#trade(entry), timesServed })
      }
      const last = entries.at(-1)
      if (last === undefined) break
      from = last.seq
    }
    return found
  }

  /**
   * A reader whose number lies ahead has read an earlier run of this simulator, which keeps nothing on disk. The numbers
   * go on from his, so that he neither waits for them nor meets an id again that meant another trade.
   */
  #goOnAfter(after: number): void {
    if (after <= this.tape.latest) return
    if (after - this.tape.latest > greatestSkip) {
      throw problem('after_too_far', {
        detail: `The latest trade is ${this.tape.latest}; ${after} lies more than ${greatestSkip} ahead. Ask with after=${this.tape.latest}.`,
      })
    }
    this.tape.skipTo(after)
  }

  #trade({ seq, original, symbol, cents, size, tradedAt }: Entry): Trade {
    return { seq, id: `${this.#seed}-${original}`, symbol: symbols[symbol] ?? '', price: cents / 100, size, tradedAt: new Date(tradedAt).toISOString() }
  }
}
