import { spawn } from 'node:child_process'
import { closeSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openLog } from '../process/log-file.mjs'

const start = fileURLToPath(new URL('../start.mjs', import.meta.url))

/**
 * Starts the launcher in a session of its own, shows its progress, and returns when everything can be read (exit code 0) or
 * the start has failed (1). Ctrl-C during the start stops it.
 */
export const detach = (settings, flags) => {
  mkdirSync(settings.logs, { recursive: true, mode: 0o700 })
  const { fd } = openLog(join(settings.logs, 'launcher.log'))
  const child = spawn(process.execPath, [start, ...flags, '--detached'], { env: settings.env, detached: true, stdio: ['ignore', fd, fd, 'ipc'] })
  closeSync(fd)
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill('SIGTERM'))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      process.exitCode = code ?? 1
      if (signal !== null) console.error(`The launcher was ended by ${signal}. Its log: ${join(settings.logs, 'launcher.log')}`)
      resolve()
    })
    child.on('message', ({ text, ready }) => {
      if (text !== undefined) console.log(text)
      if (ready !== true) return
      child.removeAllListeners('exit')
      child.disconnect()
      child.unref()
      process.exitCode = 0
      resolve()
    })
  })
}
