import { setTimeout as pause } from 'node:timers/promises'
import { isRunning } from './processes.mjs'
import { readRunFiles, writeRunFile } from './run-file.mjs'

/**
 * Stops what an earlier launcher left running on this state folder: its pid and its start time are recorded, so nobody
 * else's process is touched. Answers the names.
 */
export const stopLeftovers = async ({ run }, withinMs = 10_000) => {
  const left = readRunFiles(run).filter((record) => record.pid !== process.pid && isRunning(record))
  for (const { pid } of left) process.kill(pid, 'SIGTERM')
  const deadline = Date.now() + withinMs
  while (left.some(isRunning)) {
    if (Date.now() > deadline) for (const record of left.filter(isRunning)) process.kill(record.pid, 'SIGKILL')
    await pause(50)
  }
  for (const record of left) writeRunFile(run, record.name, { ...record, state: 'stopped', pid: null, ticks: null })
  return left.map((record) => record.name)
}
