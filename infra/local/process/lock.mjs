import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isRunning, startTicks } from './processes.mjs'
import { readRunFile, removeRunFile } from './run-file.mjs'

const name = 'launcher'

/** The launcher that runs on this state folder, or undefined. */
export const runningLauncher = ({ run }) => {
  const record = readRunFile(run, name)
  return record !== undefined && isRunning(record) ? record : undefined
}

/** Takes the state folder for this process: one launcher at a time. Answers what gives it back. */
export const takeState = (settings, about) => {
  const { run } = settings
  mkdirSync(run, { recursive: true, mode: 0o700 })
  const mine = { name, pid: process.pid, ticks: startTicks(process.pid) ?? null, startedAt: new Date().toISOString(), ...about }
  for (;;) {
    try {
      writeFileSync(join(run, `${name}.json`), `${JSON.stringify(mine, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
      return () => removeRunFile(run, name)
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    const other = runningLauncher(settings)
    if (other !== undefined) throw new Error(`Millrace already runs on ${settings.state} (process ${other.pid}, since ${other.startedAt}). See it: npm run status. Stop it: npm run stop.`)
    removeRunFile(run, name)
  }
}
