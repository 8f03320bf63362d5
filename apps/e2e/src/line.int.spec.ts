import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { rmSync } from 'node:fs'
import { configureLog } from '@millrace/observability'
import type { Run } from './http/trigger-run.ts'
import { launcher } from './line/launcher.ts'
import { lineStatus } from './line/line-processes.ts'
import { startLine } from './line/start-line.ts'
import { testLine } from './line/test-line.ts'
import { addedViewSuite } from './suites/added-view.suite.ts'
import { airflowSuite } from './suites/airflow.suite.ts'
import { drillSuite } from './suites/drill.suite.ts'
import { earthquakesSuite } from './suites/earthquakes.suite.ts'
import { guideSuite } from './suites/guide.suite.ts'
import { liveSuite } from './suites/live.suite.ts'
import { operateSuite } from './suites/operate.suite.ts'
import { pageSuite } from './suites/page.suite.ts'
import { stateRowsSuite } from './suites/state-rows.suite.ts'
import { tradesSuite } from './suites/trades.suite.ts'
import { copyWorkspace } from './workspace/copy-workspace.ts'

// What a session to Cassandra says of itself belongs to workers, not among the results of tests.
configureLog({ app: 'e2e', level: 'warn' })

const startMs = 900_000

/** The line as a user runs it: started once for all suites, which run in this order. */
const line = testLine()
const workspace = copyWorkspace(line.root, 'e2e')

let firstRun: Run | undefined

beforeAll(async () => {
  firstRun = await startLine(line)
}, startMs)

afterAll(async () => {
  try {
    await launcher(line, 'stop')
  } finally {
    rmSync(workspace, { recursive: true, force: true })
  }
}, 180_000)

describe('the line', () => {
  it('runs: every process is ready', async () => {
    const { processes } = await lineStatus(line)
    expect(processes.filter(({ state }) => state !== 'ready')).toEqual([])
    expect(processes.map(({ name }) => name)).toEqual(['kafka', 'cassandra', 'spark', 'source-simulator', 'ingestion', 'spark-bridge', 'materializer', 'query-api'])
  }, 60_000)

  earthquakesSuite(line, () => firstRun)
  tradesSuite(line)
  liveSuite(line)
  pageSuite(line)
  drillSuite(line)
  const added = operateSuite(line, () => firstRun)
  addedViewSuite(line, workspace, added)
  guideSuite(line, workspace)
  stateRowsSuite(line)
  airflowSuite(line)
})
