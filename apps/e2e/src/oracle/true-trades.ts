import { getJson } from '../http/get-json.ts'
import type { Line } from '../line/line.ts'

/** A trade that the simulator has served, at least once. */
export interface Trade {
  readonly id: string
  readonly symbol: string
  readonly price: number
  readonly size: number
  /** Epoch milliseconds. */
  readonly tradedAt: number
}

interface TruthPage {
  readonly events: readonly { readonly id: string; readonly symbol: string; readonly price: number; readonly size: number; readonly tradedAt: string; readonly served: number }[]
  readonly next: string | number | null
}

const pageSize = 10_000

/** All distinct trades that the simulator has served, in that order, and how many it has served with the repetitions. */
export async function trueTrades({ urls: { simulator } }: Line): Promise<{ trades: Trade[]; served: number }> {
  const trades: Trade[] = []
  let served = 0
  for (let after: string | number | null = 0; after !== null;) {
    const page: TruthPage = await getJson(`${simulator}/control/truth?stream=trades&after=${after}&limit=${pageSize}`)
    for (const { id, symbol, price, size, tradedAt, served: times } of page.events) {
      trades.push({ id, symbol, price, size, tradedAt: Date.parse(tradedAt) })
      served += times
    }
    after = page.next
  }
  return { trades, served }
}
