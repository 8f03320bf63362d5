/**
 * Prints how fresh rows are and what that costs: at 200 trades a second, with four views and a trigger of one second.
 *
 * Freshness is the time from the moment a trade is made to the moment a client reads a row that counts it. The simulator
 * stamps a trade when it makes it (`tradedAt`), in the order it serves them; a window's `events` is the number of distinct
 * trades it counts. So the k-th trade of a (symbol, ten seconds) became readable when an answer first showed `events` ≥ k.
 * A second client follows the live feed meanwhile. Every trade of the measured time is a sample of both. The clock is one, as everything runs on this machine.
 *
 * Processor time is that of each process and all it has forked, ended children included, over the same time.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { waitUntil } from '@millrace/service'
import { control, copyWorkspace, jarsFolder, launcher, Line, run, streamStatus, trueTrades, workspaceRoot } from '@millrace/e2e'
import { declareFourViews } from './declare-four-views.ts'
import { freshnessOf } from './freshness-of.ts'
import { printResult } from './print-result.ts'
import { usageOfLine } from './usage-of-line.ts'
import { followWindows, watchWindows } from './watch-windows.ts'

const rate = 200
/** Three minutes: the virtual machine of Spark compiles for about as long, and a line runs for days. */
const warmUpTrades = rate * 180
const measuredMs = 60_000
/** The last trades of the measured time are waited for. */
const tailMs = 20_000

const workspace = copyWorkspace(workspaceRoot, 'bench')
const state = join(workspaceRoot, '.millrace-bench')
const line = new Line({ root: workspace, state, portOffset: 900, settings: { MILLRACE_JARS: jarsFolder, MILLRACE_AIRFLOW: 'off', MILLRACE_SPARK_TRIGGER: '1 second', MILLRACE_SIMULATOR_TRADES_RATE: String(rate) } })

try {
  declareFourViews(workspace)
  await run(line, 'npm', ['run', '--silent', 'provision', '--', 'generate'])
  await launcher(line, 'stop')
  rmSync(state, { recursive: true, force: true })
  mkdirSync(state, { recursive: true, mode: 0o700 })
  console.log('Starting the line with four views of trades …')
  await launcher(line, 'start', '--detach')
  await control(line, { speed: 'max', trades: { rate } })
  await waitUntil(async () => (await streamStatus(line.urls.queryApi, 'trades')).counts.published >= warmUpTrades, { deadlineMs: 300_000, everyMs: 1_000, what: 'the line to be warm' })

  console.log(`Measuring for ${measuredMs / 1_000} s at ${rate} trades a second …`)
  const stop = new AbortController()
  const watching = watchWindows(line, stop.signal)
  const following = followWindows(line, stop.signal)
  const usage = await usageOfLine(line)
  const from = Date.now()
  const before = usage()
  await pause(measuredMs)
  const until = Date.now()
  const after = usage()
  await pause(tailMs)
  stop.abort()
  const { sightings, looks } = await watching
  const trades = await trueTrades(line)
  printResult({ overRest: freshnessOf(trades, sightings, { from, until }), overFeed: freshnessOf(trades, await following, { from, until }), before, after, seconds: (until - from) / 1_000, lookEveryMs: (measuredMs + tailMs) / looks })
} finally {
  await launcher(line, 'stop')
  rmSync(workspace, { recursive: true, force: true })
}
