import type { BreakageKind, WrittenBroken } from './broken-records.ts'

export interface BrokenRecord {
  readonly number: number
  readonly kind: BreakageKind
  /** Its bytes, in base64: not all of them are text. */
  readonly bytes: string
  readonly timesServed: number
}

/** The broken records that have been served, each once, in the order in which each was served first. */
export class ServedBroken {
  readonly #byBytes = new Map<string, { kind: BreakageKind, times: number }>()
  #served = 0

  note({ bytes, kind }: WrittenBroken): void {
    const entry = this.#byBytes.get(bytes) ?? { kind, times: 0 }
    entry.times += 1
    this.#byBytes.set(bytes, entry)
    this.#served += 1
  }

  get totals(): { readonly distinct: number, readonly served: number } {
    return { distinct: this.#byBytes.size, served: this.#served }
  }

  /** The entries after the first `after`. */
  read(after: number, limit: number): BrokenRecord[] {
    return [...this.#byBytes].slice(after, after + limit)
      .map(([bytes, { kind, times }], index) => ({ number: after + index + 1, kind, bytes: Buffer.from(bytes, 'latin1').toString('base64'), timesServed: times }))
  }
}
