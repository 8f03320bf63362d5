import { setTimeout as pause } from 'node:timers/promises'
import { runningLauncher } from './process/lock.mjs'
import { airflowPasswordFile, airflowUser } from './engines/airflow.mjs'
import { readSecret } from './prepare/secrets.mjs'
import { askDags } from './probes/airflow.mjs'
import { isRunning, sessionUsage } from './process/processes.mjs'
import { readRunFile } from './process/run-file.mjs'
import { allServices } from './line/services.mjs'
import { readFlags } from './line/flags.mjs'
import { readSettings } from './line/settings.mjs'
import { airflowLogin } from './line/urls.mjs'

const usage = 'npm run status [-- --json]     every process, asked now; ends with 0 when all are ready'
const sampleMs = 500

/** Asks the process itself: a state that was true when it was written down may not be true any more. */
const isReadyNow = async (service, record) => {
  try {
    await service.ready({ startedAt: new Date(record.startedAt) })
    return { state: 'ready', waitingFor: null }
  } catch (error) {
    return { state: 'not ready', waitingFor: error.message }
  }
}

const look = async (settings, service) => {
  const record = readRunFile(settings.run, service.name)
  const alive = record !== undefined && isRunning(record)
  const before = alive ? sessionUsage(record.pid) : undefined
  await pause(sampleMs)
  const after = alive ? sessionUsage(record.pid) : undefined
  // After the sample, since to be asked is work too.
  const now = after === undefined ? undefined : await isReadyNow(service, record)
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
    memoryBytes: after?.memoryBytes ?? null,
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
    ...rows.map((r) => [r.name, r.state, r.pid ?? '-', span(r.upSeconds), r.restarts, megabytes(r.memoryBytes), r.cpuPercent === null ? '-' : `${r.cpuPercent} %`, r.address])]
  const widths = cells[0].map((_, column) => Math.max(...cells.map((line) => String(line[column]).length)))
  return cells.map((line) => line.map((cell, column) => String(cell).padEnd(widths[column])).join('  ').trimEnd()).join('\n')
}

/** What Airflow says of its DAGs; null while it does not run. */
const lookAtDags = async (settings, rows) => {
  const api = rows.find(({ name }) => name === 'airflow-api')
  if (api?.state !== 'ready') return null
  const login = { url: api.address, user: airflowUser, passwordFile: airflowPasswordFile(settings) }
  try {
    const password = await readSecret(settings.state, 'airflow-admin-password')
    return { ...login, ...await askDags(api.address, { username: airflowUser, password }), problem: null }
  } catch (error) {
    return { ...login, dags: [], unreadable: [], problem: error.message }
  }
}

const describeDag = ({ dag, isPaused, state, startedAt, endedAt }) =>
  `  ${dag}  ${state ?? 'has not run'}${endedAt ?? startedAt ? ` (${endedAt === null ? 'since' : 'at'} ${endedAt ?? startedAt})` : ''}${isPaused ? ', paused' : ''}`

const describeDags = (settings, { dags, unreadable, problem }) => [
  `\nAirflow: ${airflowLogin(settings)}.`,
  ...(problem === null ? [] : [`  Its DAGs cannot be seen: ${problem}`]),
  ...(problem === null && dags.length === 0 ? [`  No DAG was found in ${settings.dags} so far.`] : dags.map(describeDag)),
  ...unreadable.map(({ file, error }) => `  ${file} cannot be read: ${error}`),
].join('\n')

const main = async () => {
  const flags = readFlags(usage, ['--json'])
  const settings = readSettings()
  const launcher = runningLauncher(settings)
  const services = allServices(settings, launcher)
  const rows = await Promise.all(services.map((service) => look(settings, service)))
  const airflow = await lookAtDags(settings, rows)
  if (flags.has('--json')) {
    console.log(JSON.stringify({ state: settings.state, launcher: launcher?.pid ?? null, processes: rows, airflow }, null, 2))
  } else {
    console.log(table(rows))
    for (const { name, waitingFor } of rows.filter((r) => r.waitingFor !== null)) console.log(`\n${name}: ${waitingFor}`)
    if (airflow !== null) console.log(describeDags(settings, airflow))
    const total = rows.reduce((sum, r) => sum + (r.memoryBytes ?? 0), 0)
    console.log(`\n${launcher === undefined ? 'No launcher runs' : `The launcher is process ${launcher.pid}`} on ${settings.state}; together ${megabytes(total)}.`)
  }
  process.exitCode = rows.every((r) => r.state === 'ready') ? 0 : 1
}

main().catch((error) => {
  console.error(error.message)
  process.exitCode = 1
})
