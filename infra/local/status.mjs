import { setTimeout as pause } from 'node:timers/promises'
import { runningLauncher } from './process/lock.mjs'
import { isRunning, usage } from './process/processes.mjs'
import { readRunFile } from './process/run-file.mjs'
import { allServices } from './line/services.mjs'
import { readSettings } from './line/settings.mjs'

const sampleMs = 500

/** Asks the process itself: a state that was true when it was written down may not be true any more. */
const isReadyNow = async (service) => {
  try {
    await service.ready()
    return { state: 'ready', waitingFor: null }
  } catch (error) {
    return { state: 'not ready', waitingFor: error.message }
  }
}

const look = async (settings, service) => {
  const record = readRunFile(settings.run, service.name)
  const alive = record !== undefined && isRunning(record)
  const before = alive ? usage(record.pid) : undefined
  await pause(sampleMs)
  const after = alive ? usage(record.pid) : undefined
  // After the sample, since to be asked is work too.
  const now = after === undefined ? undefined : await isReadyNow(service)
  const recorded = record?.state === 'restarting' || record?.state === 'failed' ? record.state : 'stopped'
  return {
    name: service.name,
    state: after === undefined ? recorded : record.state === 'starting' ? 'starting' : now.state,
    waitingFor: now?.waitingFor ?? null,
    pid: after === undefined ? null : record.pid,
    upSeconds: after === undefined ? null : Math.round(after.upSeconds),
    restarts: record?.restarts ?? 0,
    lastExit: record?.lastExit ?? null,
    address: service.url ?? service.address,
    rssBytes: after?.rssBytes ?? null,
    cpuPercent: after === undefined || before === undefined ? null : Math.max(0, Math.round((after.cpuSeconds - before.cpuSeconds) / sampleMs * 100_000)),
    cpuSeconds: after?.cpuSeconds ?? null,
    log: `${settings.logs}/${service.name}.log`,
  }
}

const span = (seconds) => {
  if (seconds === null) return '-'
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  return hours > 0 ? `${hours} h ${minutes} min` : minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`
}
const megabytes = (bytes) => bytes === null ? '-' : `${Math.round(bytes / 2 ** 20)} MB`

const table = (rows) => {
  const cells = [['process', 'state', 'pid', 'up', 'restarts', 'memory', 'cpu', 'address'],
    ...rows.map((r) => [r.name, r.state, r.pid ?? '-', span(r.upSeconds), r.restarts, megabytes(r.rssBytes), r.cpuPercent === null ? '-' : `${r.cpuPercent} %`, r.address])]
  const widths = cells[0].map((_, column) => Math.max(...cells.map((line) => String(line[column]).length)))
  return cells.map((line) => line.map((cell, column) => String(cell).padEnd(widths[column])).join('  ').trimEnd()).join('\n')
}

const main = async () => {
  const settings = readSettings()
  const launcher = runningLauncher(settings)
  const services = allServices(settings).slice(0, launcher?.enginesOnly ? 3 : undefined)
  const rows = await Promise.all(services.map((service) => look(settings, service)))
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify({ state: settings.state, launcher: launcher?.pid ?? null, processes: rows }, null, 2))
  } else {
    console.log(table(rows))
    for (const { name, waitingFor } of rows.filter((r) => r.waitingFor !== null)) console.log(`\n${name}: ${waitingFor}`)
    const total = rows.reduce((sum, r) => sum + (r.rssBytes ?? 0), 0)
    console.log(`\n${launcher === undefined ? 'No launcher runs' : `The launcher is process ${launcher.pid}`} on ${settings.state}; together ${megabytes(total)}.`)
  }
  process.exitCode = rows.every((r) => r.state === 'ready') ? 0 : 1
}

main().catch((error) => {
  console.error(error.message)
  process.exitCode = 1
})
