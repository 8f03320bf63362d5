/** What has happened in a world, line by line, and a digest of it: equal digests, equal stories. */
export class Trace {
  readonly lines: string[] = []
  readonly #isKept: boolean
  #low = 0x811c9dc5
  #high = 0x01000193

  constructor({ isKept }: { isKept: boolean }) {
    this.#isKept = isKept
  }

  add(atMs: number, who: string, what: string): void {
    this.#mix(atMs, who, what)
    if (this.#isKept) this.lines.push(`${(atMs / 1_000).toFixed(3).padStart(9)}  ${who.padEnd(15)} ${what}`)
  }

  get digest(): string {
    return (this.#low >>> 0).toString(16).padStart(8, '0') + (this.#high >>> 0).toString(16).padStart(8, '0')
  }

  #mix(atMs: number, who: string, what: string): void {
    let low = this.#low ^ atMs
    let high = Math.imul(this.#high ^ atMs, 0x85ebca6b)
    for (let i = 0; i < who.length; i += 1) low = Math.imul(low ^ who.charCodeAt(i), 0x01000193)
    for (let i = 0; i < what.length; i += 1) {
      low = Math.imul(low ^ what.charCodeAt(i), 0x01000193)
      high = (Math.imul(high, 31) + what.charCodeAt(i)) | 0
    }
    this.#low = low
    this.#high = high
  }
}
