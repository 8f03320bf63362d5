import { describe, expect, it } from '@jest/globals'
import { drills } from '../drills/catalogue/drills.ts'
import { runDrill } from '../drills/run/run-drill.ts'
import { control, untilProduced } from '../http/simulator.ts'
import { eventually } from '../line/eventually.ts'
import { everyQueryRuns } from '../line/every-query-runs.ts'
import { killProcess } from '../line/kill-process.ts'
import type { Line } from '../line/line.ts'
import { expectTrueTrades } from './trades.suite.ts'

/** Ingestion killed, Kafka's answers lost, Spark killed. All of them: `npm run drill`. */
const chosen = ['F03', 'F06', 'F09']
const options = { events: 20_000, seconds: 60, seed: 2 }
const killed = ['spark-bridge', 'materializer'] as const

/** A few of the drills, on the line of the other suites. */
export function drillSuite(line: Line): void {
  describe('drills', () => {
    it.each(drills.filter(({ id }) => chosen.includes(id)).map((drill) => [drill.id, drill.title, drill] as const))('%s keeps the promise: %s', async (_id, _title, drill) => {
      const report = await runDrill(drill, line, { ...options, say: () => undefined })
      expect(report).toMatchObject({ problems: [], outcome: 'kept', lost: 0, double: 0 })
      expect(report.events).toBeGreaterThanOrEqual(options.events)
    }, 900_000)

    it('answers the same rows when the bridge and the materializer are killed in the middle of a burst', async () => {
      const before = await control(line, { trades: { rate: 250, duplicateShare: 0.05, disorderMs: 3_000 } })
      for (const name of killed) {
        await killProcess(line, name)
        await eventually(() => everyQueryRuns(line), { deadlineMs: 180_000, everyMs: 500, what: 'every query to run' })
      }
      await untilProduced(line, before.trades.produced + 5_000, 240_000)
      await control(line, { trades: { rate: 0 } })
      await expectTrueTrades(line)
    }, 600_000)
  })
}
