import type { Random } from './random.ts'

/** Everything that can go wrong by itself at some call, and how often it does where it does. */
const chances = {
  'cassandra: slow': 0.05,
  'cassandra: refused': 0.02,
  'cassandra: no answer, nothing done': 0.02,
  'cassandra: answer lost': 0.03,
  'cassandra: done after it was given up': 0.02,
  'kafka: slow': 0.05,
  'kafka: refused': 0.03,
  'kafka: no answer, nothing appended': 0.03,
  'kafka: answer lost after the append': 0.05,
  'kafka: appended in part': 0.04,
  'kafka: appended after it was given up': 0.04,
  'source: slow': 0.05,
  'source: no answer': 0.04,
  'source: 429 with Retry-After': 0.04,
  'source: 5xx': 0.05,
  'source: cut answer': 0.04,
  'source: changed between two attempts': 0.05,
  'spark: no answer': 0.03,
  'spark: slow': 0.05,
  'process: killed before a request': 0.012,
  'process: killed after a request, before its answer': 0.012,
  'spark: batch killed before it emits': 0.06,
  'spark: batch killed half-way through its rows': 0.12,
  'spark: batch killed between rows and commit': 0.1,
  'spark: rows of a killed batch arrive late': 0.6,
  'spark: rows sent twice': 0.08,
  'spark: offsets of a split listing': 0.3,
} as const

export type Fault = keyof typeof chances

export const faults = Object.keys(chances) as Fault[]

/**
 * Which faults a world has, and when. Not all of them: a world with a few faults goes deeper than one where nothing ever
 * works, so each is drawn for each world, with how often it happens (swarm testing).
 */
export class Faults {
  readonly #random: Random
  readonly #chances: ReadonlyMap<Fault, number>
  /** How often each thing has happened. */
  readonly happened = new Map<string, number>()
  isCalm = false

  constructor(random: Random) {
    this.#random = random
    this.#chances = new Map(faults.map((fault) => [fault, random.chance(0.55) ? 0 : chances[fault] * random.pick([0.3, 1, 2])]))
  }

  happens(fault: Fault): boolean {
    if (this.isCalm) return false
    const chance = this.#chances.get(fault) ?? 0
    if (chance === 0 || !this.#random.chance(chance)) return false
    this.count(fault)
    return true
  }

  count(what: string): void {
    this.happened.set(what, (this.happened.get(what) ?? 0) + 1)
  }
}
