import { eventually } from '../line/eventually.ts'
import type { Line } from '../line/line.ts'
import { getJson, postJson } from './get-json.ts'

/** What `POST /control` takes. */
export interface Control {
  readonly speed?: number | 'max'
  readonly start?: string
  /** What goes wrong from now on, by source and probability; {} for nothing. */
  readonly faults?: { readonly seed?: number } & Readonly<Partial<Record<'trades' | 'earthquakes', Readonly<Record<string, number>>>>>
  readonly trades?: { readonly rate?: number; readonly stopAfter?: number; readonly duplicateShare?: number; readonly disorderMs?: number }
}

/** What it says of itself, as far as the tests ask. */
export interface SimulatorState {
  readonly trades: {
    readonly rate: number
    /** Distinct trades made so far. */
    readonly produced: number
    /** Entries that repeat one of them. */
    readonly duplicates: number
  }
  /** Records that the source has left out and will give later. */
  readonly faults: { readonly held: Readonly<Record<'trades' | 'earthquakes', number>> }
}

/** Tells the simulator where its clock stands and how fast it goes, and how many trades it makes. */
export const control = (line: Line, change: Control): Promise<SimulatorState> =>
  postJson(`${line.urls.simulator}/control`, change, { authorization: `Bearer ${line.key('control')}` })

export const simulatorState = ({ urls: { simulator } }: Line): Promise<SimulatorState> => getJson(`${simulator}/control`)

/** Waits until the simulator has made so many distinct trades in all. */
export const untilProduced = (line: Line, produced: number, deadlineMs = 120_000): Promise<boolean> =>
  eventually(async () => (await simulatorState(line)).trades.produced >= produced, { deadlineMs, everyMs: 250, what: `${produced} trades to be made in all` })
