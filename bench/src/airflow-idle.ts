/**
 * Prints what an idle Airflow costs: the DAGs of the workspace are read and paused, what the first start has begun of them is ended, and for two minutes
 * its processes, with all they fork, are looked at. It runs alone, on a state folder of its own.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Airflow, launcher, Line, lineEnvironment, lineStatus, workspaceRoot } from '@millrace/e2e'
import { treeMemory } from './process-usage.ts'
import { usageOfLine } from './usage-of-line.ts'

const measuredMs = 120_000
/** By then the DAG files have been read, and what happens once after a start has happened. */
const settledMs = 60_000
/** By then the processes of tasks that were ended are gone. */
const calmMs = 15_000

const state = join(workspaceRoot, '.millrace-bench-airflow')
const line = new Line({ root: workspaceRoot, state, portOffset: 910 })

await launcher(line, 'stop')
rmSync(state, { recursive: true, force: true })
console.log('Starting Airflow …')
const alone = spawn(process.execPath, [join(workspaceRoot, 'infra/local/airflow-alone.mjs')], { env: lineEnvironment(line), stdio: ['ignore', 'pipe', 'inherit'] })
const ended = once(alone, 'exit')
try {
  await Promise.race([once(alone.stdout, 'data'), ended.then(() => { throw new Error(`Airflow has not started. Its logs: ${join(state, 'logs')}`) })])
  await pause(settledMs)
  const airflow = await Airflow.of(line)
  const { length: dags } = await airflow.dags()
  await airflow.quiet()
  await pause(calmMs)
  console.log(`Measuring for ${measuredMs / 1_000} s with ${dags} DAGs, all paused …`)
  const usage = await usageOfLine(line)
  const { processes } = await lineStatus(line)
  const before = usage()
  await pause(measuredMs)
  const rows = [...usage()].map(([name, { cpuSeconds }]) => ({
    name,
    cpuPercent: (cpuSeconds - (before.get(name)?.cpuSeconds ?? 0)) / measuredMs * 100_000,
    memory: treeMemory(processes.find((one) => one.name === name)?.pid ?? 0),
  }))
  const all = rows.reduce((sum, { cpuPercent, memory }) => ({ name: 'all', cpuPercent: sum.cpuPercent + cpuPercent, memory: sum.memory + memory }), { name: 'all', cpuPercent: 0, memory: 0 })
  console.log(`\n  ${'process'.padEnd(18)}${'CPU of a core'.padStart(14)}${'memory (PSS)'.padStart(16)}`)
  for (const { name, cpuPercent, memory } of [...rows, all]) console.log(`  ${name.padEnd(18)}${`${cpuPercent.toFixed(1)} %`.padStart(14)}${`${Math.round(memory / 1_048_576)} MB`.padStart(16)}`)
} finally {
  alone.kill('SIGTERM')
  await ended
  rmSync(state, { recursive: true, force: true })
}
