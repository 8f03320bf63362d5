import { describe, expect, it } from '@jest/globals'
import { drills } from '../drills/catalogue/drills.ts'
import { runDrill } from '../drills/run/run-drill.ts'
import type { Line } from '../line/line.ts'

/** Ingestion, Kafka's answers, Spark; and everything at once for a while. All of them: `npm run drill`. */
const chosen = ['F03', 'F06', 'F09', 'F39']
const options = { events: 20_000, seconds: 60, seed: 2 }

/** A few of the drills, on the line of the other suites. */
export function drillSuite(line: Line): void {
  describe('drills', () => {
    it.each(drills.filter(({ id }) => chosen.includes(id)).map((drill) => [drill.id, drill.title, drill] as const))('%s keeps the promise: %s', async (_id, _title, drill) => {
      const report = await runDrill(drill, line, { ...options, say: () => undefined })
      expect(report).toMatchObject({ problems: [], outcome: 'kept', lost: 0, double: 0 })
      expect(report.events).toBeGreaterThanOrEqual(options.events)
    }, 600_000)
  })
}
