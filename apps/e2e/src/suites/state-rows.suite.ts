import { describe, expect, it } from '@jest/globals'
import { stateRows } from '../http/query-status.ts'
import { readView } from '../http/read-view.ts'
import { control } from '../http/simulator.ts'
import { eventually } from '../line/eventually.ts'
import type { Line } from '../line/line.ts'

/**
 * The end of a window reaches Spark's aggregate only through metadata on a column (see the plan in libs/spark-connect).
 * Without it every window would stay in the state for ever: the state would then have at least a row for each.
 */
export function stateRowsSuite(line: Line): void {
  describe('state', () => {
    it('forgets windows that have passed: the query keeps fewer rows than there have been windows', async () => {
      const now = Date.now()
      const range = { from: now - 2 * 3_600_000, to: now }
      const views = await Promise.all(['per-10-seconds', 'per-minute'].map((view) => readView(line.urls.queryApi, `/v1/trades/${view}`, range, 1_000)))
      const windows = views.flat().length
      await control(line, { trades: { rate: 2, duplicateShare: 0, disorderMs: 0 } })
      await eventually(async () => {
        const rows = await stateRows(line, 'trades')
        return rows > 0 && rows < windows
      }, { deadlineMs: 420_000, everyMs: 1_000, what: `the query of trades to keep fewer rows than ${windows} windows` })
      expect(await stateRows(line, 'trades')).toBeGreaterThan(0)
    }, 480_000)
  })
}
