import type { Problem } from '../api/problem.ts'

const mostHalvings = 5

/** How far back a feed is asked for: half as far each time that it is too much for one feed. */
export class Narrowing {
  #halvings = 0

  /** As much of a span as is asked for now. */
  of(ms: number): number {
    return ms / 2 ** this.#halvings
  }

  /** Whether a refusal is mended by asking for less, which is done from now on. */
  doesMend(problem: Problem | null): boolean {
    if (problem?.code !== 'live_too_wide' || this.#halvings >= mostHalvings) return false
    this.#halvings += 1
    return true
  }
}
