import { describe, expect, it } from '@jest/globals'
import { ViewFollower } from '../http/follow-view.ts'
import { readView } from '../http/read-view.ts'
import { control, untilProduced } from '../http/simulator.ts'
import { eventually } from '../line/eventually.ts'
import { killProcess } from '../line/kill-process.ts'
import type { Line } from '../line/line.ts'
import { settle } from '../line/settle.ts'
import { differences } from '../oracle/differences.ts'

const key = ['symbol', 'windowStart']
const trades = 10_000

/** What a reader of the live feed has against what a query answers. */
export function liveSuite(line: Line): void {
  describe('the live feed', () => {
    it('has given a reader every row as a query answers it, though query-api was killed twice meanwhile', async () => {
      const from = Date.now()
      const follower = new ViewFollower({ url: `${line.urls.queryApi}/v1/live/trades/per-10-seconds?from=${new Date(from).toISOString()}`, key })
      try {
        await eventually(() => Promise.resolve(follower.connections === 1), { deadlineMs: 30_000, everyMs: 50, what: 'the feed to begin' })
        const { trades: { produced } } = await control(line, { trades: { rate: 500, duplicateShare: 0.05, disorderMs: 3_000 } })
        for (const part of [0.3, 0.6]) {
          await untilProduced(line, produced + part * trades)
          await killProcess(line, 'query-api')
        }
        await untilProduced(line, produced + trades)
        await control(line, { trades: { rate: 0 } })
        await settle(line, 'trades')
        const stored = () => readView(line.urls.queryApi, '/v1/trades/per-10-seconds', { from, to: Date.now() + 60_000 }, 1_000)
        const missing = async () => differences(await stored(), [...follower.rows.values()], { key })
        expect((await stored()).reduce((sum, { events }) => sum + Number(events), 0)).toBeGreaterThan(trades / 2)
        // What differs says more than that something does after this time.
        await eventually(async () => (await missing()).length === 0, { deadlineMs: 15_000, everyMs: 250, what: 'the feed to have said everything' }).catch(() => undefined)
        expect(await missing()).toEqual([])
        expect({ connections: follower.connections, resets: follower.resets }).toEqual({ connections: 3, resets: 1 })
      } finally {
        await follower.close()
      }
    }, 420_000)
  })
}
