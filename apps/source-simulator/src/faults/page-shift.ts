import { seededRandom } from '../seeded-random.ts'
import type { RecordFault } from './fault-plan.ts'

const mostRows = 5

/**
 * Rows that come or go before the page that a reader asks for next: every later page is moved by as many, until the reader
 * begins anew. He is given some rows twice, or is never given some.
 */
export class PageShift {
  readonly #shares: Readonly<Partial<Record<RecordFault, number>>>
  readonly #random: () => number
  readonly #count: (fault: RecordFault) => void
  #moved = 0

  constructor(seed: string, shares: Readonly<Partial<Record<RecordFault, number>>>, count: (fault: RecordFault) => void) {
    this.#shares = shares
    this.#random = seededRandom(`shift:${seed}`)
    this.#count = count
  }

  /** How many rows to skip where a reader asks to skip so many. */
  apply(offset: number, isFirst: boolean): number {
    if (isFirst) {
      this.#moved = 0
      return offset
    }
    this.#moved += this.#rows('rowsDeleted') - this.#rows('rowsInserted')
    return Math.max(0, offset + this.#moved)
  }

  #rows(fault: RecordFault): number {
    const share = this.#shares[fault] ?? 0
    if (share === 0 || this.#random() >= share) return 0
    this.#count(fault)
    return 1 + Math.floor(this.#random() * mostRows)
  }
}
