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
  readonly data: readonly { readonly id: string; readonly symbol: string; readonly price: number; readonly size: number; readonly tradedAt: string }[]
  readonly next: number | null
  readonly isComplete: boolean
}

const pageSize = 10_000

/** All distinct trades that the simulator has served, in the order it made them. Throws when it has forgotten some. */
export async function trueTrades({ urls: { simulator } }: Line): Promise<Trade[]> {
  const trades: Trade[] = []
  for (let after: number | null = 0; after !== null;) {
    const page: TruthPage = await getJson(`${simulator}/control/truth?stream=trades&after=${after}&limit=${pageSize}`)
    if (!page.isComplete) throw new Error('The simulator no longer knows all trades it has served: raise MILLRACE_SIMULATOR_TRADES_KEPT.')
    trades.push(...page.data.map(({ id, symbol, price, size, tradedAt }) => ({ id, symbol, price, size, tradedAt: Date.parse(tradedAt) })))
    after = page.next
  }
  return trades
}
