import { setTimeout as pause } from 'node:timers/promises'
import { endOffspring, offspringOf } from './offspring.mjs'
import { isRunning } from './processes.mjs'
import { readRunFiles, runFile, writeRunFile } from './run-file.mjs'

/**
 * Stops what an earlier launcher left running on this state folder: its pid and its start time are recorded, so nobody
 * else's process is touched. What those have started, and may have outlived them, is killed. Answers the names.
 */
export const stopLeftovers = async ({ run, state }, withinMs = 10_000) => {
  const offspring = ({ name, pid }) => ({ session: pid ?? undefined, mark: runFile(run, name), within: state })
  const records = readRunFiles(run).filter((record) => record.pid !== process.pid)
  const running = records.filter(isRunning)
  const left = records.filter((record) => running.includes(record) || offspringOf(offspring(record)).length > 0)
  for (const { pid } of running) process.kill(pid, 'SIGTERM')
  const deadline = Date.now() + withinMs
  while (running.some(isRunning)) {
    if (Date.now() > deadline) for (const record of running.filter(isRunning)) process.kill(record.pid, 'SIGKILL')
    await pause(50)
  }
  for (const record of left) await endOffspring(offspring(record))
  for (const record of left) writeRunFile(run, record.name, { ...record, state: 'stopped', pid: null, ticks: null })
  return left.map((record) => record.name)
}
