import { describe, expect, it } from '@jest/globals'
import { readView, withoutFinal } from '../http/read-view.ts'
import { control, simulatorState } from '../http/simulator.ts'
import { streamStatus } from '../http/stream-status.ts'
import { ledgerDifferences } from '../ledger/ledger-differences.ts'
import { eventually } from '../line/eventually.ts'
import type { Line } from '../line/line.ts'
import { settle } from '../line/settle.ts'
import { differences } from '../oracle/differences.ts'
import { tradeRows } from '../oracle/trade-rows.ts'
import { trueTrades } from '../oracle/true-trades.ts'

const key = ['symbol', 'windowStart']

/** Lets what has been served arrive, then compares both views and the ledger with the simulator's own list of what it served. */
export async function expectTrueTrades(line: Line): Promise<void> {
  await settle(line, 'trades')
  const trades = await trueTrades(line)
  const times = trades.map(({ tradedAt }) => tradedAt)
  const range = { from: Math.min(...times) - 60_000, to: Math.max(...times) + 1 }
  for (const [view, sizeMs] of [['per-10-seconds', 10_000], ['per-minute', 60_000]] as const) {
    const rows = withoutFinal(await readView(line.urls.queryApi, `/v1/trades/${view}`, range, 1_000))
    expect(differences(tradeRows(trades, sizeMs), rows, { key, within: ['vwap'] })).toEqual([])
  }
  expect(await ledgerDifferences(line, 'trades')).toEqual([])
  const { counts } = await streamStatus(line.urls.queryApi, 'trades')
  expect(counts).toMatchObject({ fresh: trades.length, published: trades.length, rejected: 0, late: 0 })
}

/** A bounded burst in which trades come twice and out of order. */
export function tradesSuite(line: Line): void {
  describe('trades', () => {
    it('answers both views as the simulator served it, after 20,000 trades with duplicates among them', async () => {
      const before = await simulatorState(line)
      await control(line, { trades: { rate: 1_000, stopAfter: 20_000, duplicateShare: 0.05, disorderMs: 3_000 } })
      const after = await eventually(async () => {
        const { trades } = await simulatorState(line)
        return trades.rate === 0 && trades
      }, { deadlineMs: 180_000, everyMs: 500, what: '20,000 trades to be made' })
      const duplicates = after.duplicates - before.trades.duplicates
      expect(after.produced - before.trades.produced).toBeGreaterThanOrEqual(20_000)
      expect(duplicates).toBeGreaterThan(500)

      await expectTrueTrades(line)
      const { counts } = await streamStatus(line.urls.queryApi, 'trades')
      expect(counts.repeated).toBeGreaterThanOrEqual(duplicates)
    }, 420_000)
  })
}
