import type { Line } from '../../line/line.ts'
import { eventually } from '../../line/eventually.ts'
import { Processes } from '../faults/processes.ts'
import { Traffic } from './traffic.ts'

export interface BenchOptions {
  readonly line: Line
  /** At least so many events are made during the drill. */
  readonly events: number
  /** How long a drill with a schedule goes on. */
  readonly seconds: number
  readonly seed: number
  readonly say: (text: string) => void
  /** How long a recovery is waited for; far beyond the goal, so that one that takes long is told as such. */
  readonly patienceMs?: number
}

/** How long it took from the end of a fault until everything that had been made by then was stored. */
export interface Recovery {
  readonly after: string
  readonly seconds: number
}

const usualPatienceMs = 600_000

/** What a drill breaks things with, and where it says what came of it. */
export class DrillBench {
  readonly line: Line
  readonly seconds: number
  readonly seed: number
  readonly say: (text: string) => void
  readonly traffic: Traffic
  readonly processes: Processes
  readonly recoveries: Recovery[] = []
  /** What the drill itself has found not to be as it must be. */
  readonly problems: string[] = []
  added = 0
  readonly patienceMs: number
  readonly #closing: (() => Promise<void> | void)[] = []

  constructor({ line, events, seconds, seed, say, patienceMs = usualPatienceMs }: BenchOptions) {
    this.line = line
    this.patienceMs = patienceMs
    this.seconds = seconds
    this.seed = seed
    this.say = say
    this.traffic = new Traffic(line, events)
    this.processes = new Processes(line)
  }

  /**
   * The fault is over now (or, for a process that was killed, has just happened): waits until all that has been made until
   * now is stored, and one event more, and notes how long that took.
   */
  readonly recovers = async (after: string): Promise<void> => {
    // What is missing already does not come back by waiting once more: the oracle says what it is.
    if (this.problems.length > 0) return
    const from = Date.now()
    const { produced } = await this.traffic.made()
    try {
      await eventually(async () => (await this.traffic.stored()) > produced, {
        deadlineMs: this.patienceMs, everyMs: 250, what: `everything to be stored that was made until the end of the fault (${after})`,
      })
    } catch (error) {
      this.problems.push(error instanceof Error ? error.message : String(error))
      return
    }
    const seconds = (Date.now() - from) / 1_000
    this.recoveries.push({ after, seconds })
    this.say(`${after}: fresh again after ${seconds.toFixed(1)} s`)
  }

  /** Something that must hold in this drill beyond what the oracle looks at. */
  readonly expect = (claim: boolean, otherwise: string): void => {
    if (!claim) this.problems.push(otherwise)
  }

  /** The drill itself has given so many new events to ingestion, of which the simulator knows nothing. */
  addsFresh(count: number): void {
    this.added += count
  }

  /** Undone after the drill, the last first, however it ends. */
  finally(undo: () => Promise<void> | void): void {
    this.#closing.push(undo)
  }

  async close(): Promise<void> {
    for (const undo of this.#closing.splice(0).reverse()) await undo()
  }
}
