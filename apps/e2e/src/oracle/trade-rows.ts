import type { Row } from '../http/read-view.ts'
import type { Trade } from './true-trades.ts'
import { windowsOf } from './windows-of.ts'

/**
 * What a trades view of tumbling windows must answer. The first and the last trade are those by time, and where times are
 * equal by id.
 */
export const tradeRows = (trades: readonly Trade[], sizeMs: number): Row[] =>
  windowsOf(trades, { window: { sizeMs, slideMs: sizeMs }, at: ({ tradedAt }) => tradedAt, group: ({ symbol }) => ({ symbol }), measure: prices })

function prices(trades: readonly Trade[]): Row {
  const inOrder = [...trades].sort((a, b) => a.tradedAt - b.tradedAt || (a.id < b.id ? -1 : 1))
  const volume = trades.reduce((sum, { size }) => sum + size, 0)
  return {
    open: inOrder.at(0)?.price ?? null,
    high: Math.max(...trades.map(({ price }) => price)),
    low: Math.min(...trades.map(({ price }) => price)),
    close: inOrder.at(-1)?.price ?? null,
    volume,
    vwap: volume === 0 ? null : trades.reduce((sum, { price, size }) => sum + price * size, 0) / volume,
  }
}
