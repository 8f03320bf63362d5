/** Numbers that follow from a seed: sfc32, seeded by a text, so that each part of a world has a sequence of its own. */
export class Random {
  #a: number
  #b: number
  #c: number
  #counter = 1

  constructor(seed: number, part: string) {
    let h = seed ^ 0x9e3779b9
    for (let i = 0; i < part.length; i += 1) h = Math.imul(h ^ part.charCodeAt(i), 0x01000193)
    this.#a = h | 0
    this.#b = Math.imul(h, 0x85ebca6b) | 0
    this.#c = seed | 0
    for (let i = 0; i < 12; i += 1) this.next()
  }

  /** From 0 to below 1. */
  next(): number {
    const t = (((this.#a + this.#b) | 0) + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + t) | 0
    return (t >>> 0) / 4_294_967_296
  }

  /** A whole number from 0 to below `below`. */
  below(below: number): number {
    return Math.floor(this.next() * below)
  }

  /** A whole number from `from` to below `to`. */
  between(from: number, to: number): number {
    return from + this.below(to - from)
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  pick<T>(list: readonly T[]): T {
    const picked = list[this.below(list.length)]
    if (picked === undefined) throw new RangeError('Nothing can be picked from an empty list.')
    return picked
  }

  /** The same items in another order. */
  shuffled<T>(list: readonly T[]): T[] {
    return list.map((item) => ({ item, place: this.next() })).sort((a, b) => a.place - b.place).map(({ item }) => item)
  }
}
