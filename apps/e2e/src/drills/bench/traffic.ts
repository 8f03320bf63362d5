import { setTimeout as pause } from 'node:timers/promises'
import { control, simulatorState, untilProduced } from '../../http/simulator.ts'
import { readView } from '../../http/read-view.ts'
import type { Line } from '../../line/line.ts'

export interface Flow {
  /** New trades a second. */
  readonly rate: number
  readonly duplicateShare?: number
  readonly disorderMs?: number
}

const usualFlow: Required<Flow> = { rate: 500, duplicateShare: 0.05, disorderMs: 3_000 }
const hour = 3_600_000
/** Longer than the lateness of trades and its slack, and a window of theirs. */
const afterwards = { rate: 20, ms: 25_000 }

/** The trades that flow during a drill, with repetitions and out of order; counted as the simulator makes them and as they are stored. */
export class Traffic {
  /** How many were made, and how many of them are not stored for a good reason, when the drill began. */
  #before = { produced: 0, unstored: 0 }
  #from = Date.now() - hour
  #flow: Flow = usualFlow

  constructor(private readonly line: Line, readonly events: number) {}

  /** Begins on a line at rest. */
  async begin(flow: Partial<Flow> = {}): Promise<void> {
    const { produced } = await this.made()
    this.#before = { produced, unstored: 0 }
    this.#before = { produced, unstored: produced - await this.stored() }
    this.#flow = { ...usualFlow, ...flow }
    await this.goOn()
  }

  /** Nothing more is made until it goes on. */
  async pause(): Promise<void> {
    await this.flow({ ...this.#flow, rate: 0 })
  }

  async goOn(): Promise<void> {
    await this.flow(this.#flow)
  }

  async flow(flow: Flow): Promise<void> {
    await control(this.line, { trades: flow })
  }

  /** Distinct trades made since the simulator was started, and during this drill. */
  async made(): Promise<{ readonly produced: number; readonly during: number }> {
    const { trades: { produced } } = await simulatorState(this.line)
    return { produced, during: produced - this.#before.produced }
  }

  /** How many of them count in a row that a reader gets. */
  async stored(): Promise<number> {
    const rows = await readView(this.line.urls.queryApi, '/v1/trades/_ledger', { from: this.#from - 3 * hour, to: Date.now() + hour }, 100)
    return rows.reduce((sum, { events }) => sum + Number(events), 0) + this.#before.unstored
  }

  async untilMade(during: number): Promise<void> {
    await untilProduced(this.line, this.#before.produced + during, 600_000)
  }

  /**
   * Lets the rest of the drill's events come, then a few for so long that the windows before them are final and can be
   * recounted; then stops the flow.
   */
  async end(): Promise<void> {
    await this.untilMade(this.events)
    await this.flow({ rate: afterwards.rate, duplicateShare: 0, disorderMs: 0 })
    await pause(afterwards.ms)
    await this.flow({ rate: 0 })
  }
}
