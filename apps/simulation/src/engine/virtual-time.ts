import type { Random } from './random.ts'

/** Kept before anybody replaces it. */
const { setImmediate: afterMicrotasks } = globalThis

interface Entry {
  readonly at: number
  /** Decides between entries of one moment: drawn, so that no order is favoured. */
  readonly tie: number
  readonly run: () => void
}

/**
 * The time of a world, and everything that is still to happen in it.
 *
 * One entry after the other, in the order of their time. After each one all that it has set free runs until it waits
 * again for an entry: so the order of everything follows from the entries, and these from the seed.
 */
export class VirtualTime {
  readonly #random: Random
  readonly #heap: Entry[] = []
  #now: number
  #hasSetFree = false
  steps = 0

  constructor(startMs: number, random: Random) {
    this.#now = startMs
    this.#random = random
  }

  get now(): number {
    return this.#now
  }

  after(ms: number, run: () => void): void {
    const entry = { at: this.#now + Math.max(0, ms), tie: this.#random.next(), run }
    const heap = this.#heap
    let at = heap.push(entry) - 1
    for (let parent = (at - 1) >> 1; at > 0; parent = (at - 1) >> 1) {
      const above = heap[parent]
      if (above === undefined || !isBefore(entry, above)) break
      heap[at] = above
      at = parent
    }
    heap[at] = entry
  }

  /** To be said by whoever settles a promise that the world's processes wait for. */
  setFree(): void {
    this.#hasSetFree = true
  }

  /** Lets time pass until it is over, or nothing is left to happen. */
  async passUntil(isOver: () => boolean): Promise<void> {
    await this.#settle()
    while (!isOver()) {
      const next = this.#pop()
      if (!next) return
      this.#now = next.at
      this.steps += 1
      next.run()
      if (this.#hasSetFree) await this.#settle()
    }
  }

  async #settle(): Promise<void> {
    this.#hasSetFree = false
    await new Promise<void>((resolve) => { afterMicrotasks(resolve) })
  }

  #pop(): Entry | undefined {
    const heap = this.#heap
    const [first] = heap
    const last = heap.pop()
    if (first === undefined || last === undefined || heap.length === 0) return first
    let at = 0
    for (;;) {
      const [left, right] = [heap[at * 2 + 1], heap[at * 2 + 2]]
      if (left === undefined) break
      const isRight = right !== undefined && isBefore(right, left)
      const child = isRight ? right : left
      if (!isBefore(child, last)) break
      heap[at] = child
      at = at * 2 + (isRight ? 2 : 1)
    }
    heap[at] = last
    return first
  }
}

const isBefore = (a: Entry, b: Entry): boolean => a.at < b.at || (a.at === b.at && a.tie < b.tie)
