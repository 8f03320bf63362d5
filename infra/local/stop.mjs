import { setTimeout as pause } from 'node:timers/promises'
import { stopLeftovers } from './process/leftovers.mjs'
import { runningLauncher } from './process/lock.mjs'
import { isRunning } from './process/processes.mjs'
import { readRunFiles } from './process/run-file.mjs'
import { readFlags } from './line/flags.mjs'
import { readSettings } from './line/settings.mjs'

const usage = 'npm run stop     stops everything that runs on the state folder (MILLRACE_STATE)'
const patienceMs = 120_000

/** Asks the launcher to stop everything in order, and waits until it is gone; one that does not answer is killed. */
const stopLauncher = async (settings, launcher) => {
  const shown = new Set()
  const show = () => {
    for (const { name, state } of readRunFiles(settings.run)) {
      if (state !== 'stopped' || shown.has(name)) continue
      shown.add(name)
      console.log(`  ${name.padEnd(17)} stopped`)
    }
  }
  for (const { name, state } of readRunFiles(settings.run)) if (state === 'stopped') shown.add(name)
  process.kill(launcher.pid, 'SIGTERM')
  const deadline = Date.now() + patienceMs
  while (isRunning(launcher)) {
    show()
    if (Date.now() > deadline) {
      console.log(`The launcher (process ${launcher.pid}) has not stopped within ${patienceMs / 1000} s: killing it and what it started.`)
      process.kill(launcher.pid, 'SIGKILL')
      while (isRunning(launcher)) await pause(50)
    }
    await pause(50)
  }
  show()
}

const main = async () => {
  readFlags(usage, [])
  const settings = readSettings()
  const launcher = runningLauncher(settings)
  if (launcher !== undefined) await stopLauncher(settings, launcher)
  const left = await stopLeftovers(settings)
  if (left.length > 0) console.log(`Stopped what an earlier launcher had left: ${left.join(', ')}.`)
  else if (launcher === undefined) console.log(`Nothing runs on ${settings.state}.`)
  else console.log('Everything is stopped.')
}

main().catch((error) => {
  console.error(error.message)
  process.exitCode = 1
})
