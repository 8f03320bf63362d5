import type { Deal } from './market.ts'

export interface Entry extends Deal {
  /** Its own sequence number. */
  readonly seq: number
  /** The sequence number of the trade it repeats; its own where it repeats none. */
  readonly original: number
  /** Epoch milliseconds. */
  readonly tradedAt: number
}

/**
 * The last so many entries, in fixed memory: columns of numbers, 33 bytes an entry, used as rings. Sequence numbers rise by
 * one, except where `skipTo` left some out.
 */
export class Tape {
  readonly capacity: number
  /** Entries ever appended; the next one's position. */
  #end = 0
  /** Where a run of numbers without gaps begins. */
  #runs: { readonly position: number, readonly seq: number }[] = [{ position: 0, seq: 1 }]
  readonly #originals: Float64Array
  readonly #times: Float64Array
  readonly #symbols: Uint8Array
  readonly #cents: Int32Array
  readonly #sizes: Int32Array
  readonly #served: Uint32Array

  constructor(capacity: number) {
    this.capacity = capacity
    this.#originals = new Float64Array(capacity)
    this.#times = new Float64Array(capacity)
    this.#symbols = new Uint8Array(capacity)
    this.#cents = new Int32Array(capacity)
    this.#sizes = new Int32Array(capacity)
    this.#served = new Uint32Array(capacity)
  }

  /** The number of the oldest entry that is kept; that of the next entry where none is. */
  get oldest(): number {
    return this.#seqAt(this.#begin)
  }

  /** The number of the latest entry, or the one before the first. */
  get latest(): number {
    return this.#seqAt(this.#end) - 1
  }

  get kept(): number {
    return this.#end - this.#begin
  }

  /** The greatest number that is no longer kept; 0 while nothing has been dropped. */
  get dropped(): number {
    return this.#begin === 0 ? 0 : this.#seqAt(this.#begin - 1)
  }

  get #begin(): number {
    return Math.max(0, this.#end - this.capacity)
  }

  append(deal: Deal, tradedAt: number, original?: number): void {
    const slot = this.#end % this.capacity
    this.#originals[slot] = original ?? this.#seqAt(this.#end)
    this.#times[slot] = tradedAt
    this.#symbols[slot] = deal.symbol
    this.#cents[slot] = deal.cents
    this.#sizes[slot] = deal.size
    this.#served[slot] = 0
    this.#end += 1
    const begin = this.#begin
    while (this.#runs.length > 1 && (this.#runs[1]?.position ?? 0) < begin) this.#runs.shift()
  }

  /** The next entry gets the number after this one. For numbers that lie ahead only. */
  skipTo(seq: number): void {
    if (seq <= this.latest) throw new RangeError(`The tape is at ${this.latest}; it cannot go on after ${seq}. Skip ahead only.`)
    this.#runs = [...this.#runs.filter(({ position }) => position < this.#end), { position: this.#end, seq: seq + 1 }]
  }

  /** Up to `limit` entries whose numbers are greater than `after`, oldest first. */
  read(after: number, limit: number): Entry[] {
    const from = this.#positionAfter(after)
    return Array.from({ length: Math.min(limit, this.#end - from) }, (_, index) => this.#entryAt(from + index))
  }

  /** Up to `limit` entries whose time is in the span, in the order of their numbers, after the first `offset` of them. */
  between({ from, to, offset, limit }: { readonly from: number, readonly to: number, readonly offset: number, readonly limit: number }): Entry[] {
    const found: Entry[] = []
    let skipped = 0
    for (let position = this.#begin; position < this.#end && found.length < limit; position++) {
      const time = this.#times[position % this.capacity] ?? 0
      if (time < from || time >= to) continue
      if (skipped === offset) found.push(this.#entryAt(position))
      else skipped += 1
    }
    return found
  }

  /** The entry of this number, if it is kept. */
  find(seq: number): Entry | undefined {
    const [entry] = this.read(seq - 1, 1)
    return entry?.seq === seq ? entry : undefined
  }

  /** Counts one more time that the trade of this number was served; answers how often it has been, or 0 if it is not kept. */
  noteServed(seq: number): number {
    const position = this.#positionAfter(seq - 1)
    if (position >= this.#end || this.#seqAt(position) !== seq) return 0
    const slot = position % this.capacity
    return this.#served[slot] = (this.#served[slot] ?? 0) + 1
  }

  timesServed(seq: number): number {
    const position = this.#positionAfter(seq - 1)
    return position < this.#end && this.#seqAt(position) === seq ? this.#served[position % this.capacity] ?? 0 : 0
  }

  #seqAt(position: number): number {
    const run = this.#runs.findLast((candidate) => candidate.position <= position) ?? { position: 0, seq: 1 }
    return run.seq + position - run.position
  }

  /** The position of the first kept entry with a greater number. */
  #positionAfter(after: number): number {
    const run = this.#runs.findLast(({ seq }) => seq <= after + 1)
    const next = this.#runs.find(({ seq }) => seq > after + 1)?.position ?? this.#end
    const position = run === undefined ? 0 : Math.min(run.position + after + 1 - run.seq, next)
    return Math.min(this.#end, Math.max(this.#begin, position))
  }

  #entryAt(position: number): Entry {
    const slot = position % this.capacity
    return {
      seq: this.#seqAt(position), original: this.#originals[slot] ?? 0, tradedAt: this.#times[slot] ?? 0,
      symbol: this.#symbols[slot] ?? 0, cents: this.#cents[slot] ?? 0, size: this.#sizes[slot] ?? 0,
    }
  }
}
