import type { Quake } from '../earthquakes/quake.ts'
import type { Trade } from '../trades/trade-service.ts'
import { quakeShape, tradeShape } from './broken-records.ts'
import { faultPlan, type FaultPlan } from './fault-plan.ts'
import { SourceFaults, type FaultTable } from './source-faults.ts'

/** What goes wrong, as `GET /control` answers it. */
export interface FaultState {
  readonly seed: number
  readonly earthquakes: FaultTable
  readonly trades: FaultTable
  /** Records that were left out and are still to be given. */
  readonly held: { readonly earthquakes: number, readonly trades: number }
}

/** What goes wrong with both sources. */
export class Faults {
  readonly earthquakes: SourceFaults<Quake>
  readonly trades: SourceFaults<Trade>
  #seed: number

  constructor(plan: Partial<FaultPlan>) {
    const whole = faultPlan(plan)
    this.#seed = whole.seed
    this.earthquakes = new SourceFaults('earthquakes', quakeShape, whole)
    this.trades = new SourceFaults('trades', tradeShape, whole)
  }

  /** Begins a plan anew, in the place of the one before. */
  change(plan: Partial<FaultPlan>): void {
    const whole = faultPlan(plan)
    this.#seed = whole.seed
    this.earthquakes.change(whole)
    this.trades.change(whole)
  }

  get state(): FaultState {
    const { earthquakes, trades } = this
    return { seed: this.#seed, earthquakes: earthquakes.table, trades: trades.table, held: { earthquakes: earthquakes.held, trades: trades.held } }
  }
}
