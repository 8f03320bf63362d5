import type { Quake } from './quake.ts'

export interface ServedQuake {
  readonly id: string
  /** How often the record was in an answer, in either copy. */
  readonly timesServed: number
  /** The same by the copy's `updated`. */
  readonly copies: Readonly<Record<string, number>>
  /** The copy served last. */
  readonly record: Quake
}

/** What has been served of the earthquakes, in the order in which each was served first. */
export class ServedQuakes {
  readonly #byId = new Map<string, { times: number, copies: Map<number, number>, record: Quake }>()
  #served = 0

  /** Notes the records of one answer. */
  note(quakes: readonly Quake[]): void {
    for (const record of quakes) {
      const entry = this.#byId.get(record.id) ?? { times: 0, copies: new Map<number, number>(), record }
      const { updated } = record.properties
      entry.times += 1
      entry.copies.set(updated, (entry.copies.get(updated) ?? 0) + 1)
      entry.record = record
      this.#byId.set(record.id, entry)
      this.#served += 1
    }
  }

  /** Counts of all answers so far. */
  get totals(): { readonly distinct: number, readonly served: number } {
    return { distinct: this.#byId.size, served: this.#served }
  }

  /** The entries after the first `after`. */
  read(after: number, limit: number): ServedQuake[] {
    return [...this.#byId].slice(after, after + limit)
      .map(([id, { times, copies, record }]) => ({ id, timesServed: times, copies: Object.fromEntries(copies), record }))
  }
}
