import { describe, expect, it } from '@jest/globals'
import { queryStatuses } from '../http/query-status.ts'
import { control, simulatorState } from '../http/simulator.ts'
import { eventually } from '../line/eventually.ts'
import { killProcess } from '../line/kill-process.ts'
import type { Line } from '../line/line.ts'
import { expectTrueTrades } from './trades.suite.ts'

const killed = ['ingestion', 'spark-bridge', 'materializer', 'spark'] as const

/** kill -9 of one process after the other while trades flow. */
export function drillSuite(line: Line): void {
  describe('drill', () => {
    it('answers the same rows when ingestion, the bridge, the materializer and Spark are killed in the middle of a burst', async () => {
      const before = await control(line, { trades: { rate: 250, duplicateShare: 0.05, disorderMs: 3_000 } })
      for (const name of killed) {
        await killProcess(line, name)
        await everyQueryRuns(line)
      }
      expect((await simulatorState(line)).trades.rate).toBe(250)
      await eventually(async () => (await simulatorState(line)).trades.produced - before.trades.produced >= 20_000, {
        deadlineMs: 240_000, everyMs: 500, what: '20,000 trades to be made during the drill',
      })
      await control(line, { trades: { rate: 0 } })
      await expectTrueTrades(line)
    }, 900_000)
  })
}

/** Spark is back only when its queries are: a server that answers has not yet taken them up. */
const everyQueryRuns = (line: Line): Promise<unknown> => eventually(async () => {
  const queries = await queryStatuses(line)
  return queries.length > 0 && queries.every(({ state }) => state === 'running')
}, { deadlineMs: 180_000, everyMs: 500, what: 'every query to run' })
