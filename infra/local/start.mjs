import { Line } from './line.mjs'
import { takeState } from './lock.mjs'
import { makeReport } from './report.mjs'
import { readSettings } from './settings.mjs'
import { spawn } from 'node:child_process'
import { openSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const emit = (text) => process.send?.({ text }) ?? console.log(text)
const settings = readSettings()
const flags = process.argv.slice(2)
if (flags.includes('--detach')) {
  mkdirSync(settings.logs, { recursive: true, mode: 0o700 })
  const log = openSync(join(settings.logs, 'launcher.log'), 'a', 0o600)
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), ...flags.filter((f) => f !== '--detach')], { detached: true, stdio: ['ignore', log, log, 'ipc'] })
  child.on('message', (m) => { if (m.text) console.log(m.text); if (m.ready) { child.disconnect(); child.unref(); process.exit(0) } })
  child.on('exit', (code) => process.exit(code || 1))
} else {
  const release = takeState(settings, {})
  const report = makeReport(emit)
  const line = new Line(settings, report)
  const stop = async () => { await line.stop(); release(); process.exit(0) }
  for (const s of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(s, stop)
  try {
    await line.start()
    emit(`Ready after ${report.total()}.`)
    process.send?.({ ready: true })
  } catch (error) {
    emit(error.message)
    await line.stop()
    release()
    process.exit(1)
  }
}
