import { detach } from './line/detach.mjs'
import { Line } from './line/line.mjs'
import { readFlags } from './line/flags.mjs'
import { takeState } from './process/lock.mjs'
import { endCommands } from './process/run.mjs'
import { askWith, firstWindows } from './line/readable.mjs'
import { makeReport } from './line/report.mjs'
import { readSettings } from './line/settings.mjs'
import { readKey } from './prepare/secrets.mjs'
import { describe, describeAirflow } from './line/urls.mjs'

const usage = `npm start [-- --detach] [-- --engines-only]
  --detach        return when a window of every stream can be read and Airflow is ready; everything runs on
  --engines-only  only Kafka, Cassandra and Spark`

/** A machine that is slow or busy takes minutes, while every process is healthy: better late than torn down. */
const readableWithinMs = 10 * 60_000
const impatientAfterMs = 1_500
const interrupted = 130

/** In the foreground: one Ctrl-C stops everything in order; one more, later, leaves the rest to the kernel. */
const stopOnSignal = (stop) => {
  let since
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (since !== undefined && Date.now() - since > impatientAfterMs) process.exit(interrupted)
      if (since !== undefined) return
      since = Date.now()
      stop()
    })
  }
}

const readFirst = async ({ state, ports }, report) => firstWindows({
  queryApi: `http://127.0.0.1:${ports['query-api']}`,
  sparkBridge: `http://127.0.0.1:${ports['spark-bridge']}`,
  ask: askWith(await readKey(state, 'read')),
  say: (text) => report.line('windows', text),
  withinMs: readableWithinMs,
})

const supervise = async (settings, { enginesOnly, detached, emit, tell }) => {
  const release = takeState(settings, { enginesOnly, airflow: settings.airflow })
  const report = makeReport(emit)
  const line = new Line(settings, report)
  let stage = 'starting'
  const end = async (code) => {
    const [isStopped] = await Promise.all([line.stop(), endCommands()])
    if (isStopped) report.say('Everything is stopped.')
    release()
    process.exit(code)
  }
  stopOnSignal(() => {
    report.say('Stopping.')
    const code = stage === 'running' ? 0 : interrupted
    stage = 'stopping'
    void end(code)
  })
  try {
    const whenUp = async () => {
      const windows = enginesOnly ? [] : await report.step('windows', 'waiting for the first rows', 'readable', () => readFirst(settings, report))
      report.say(describe(settings, { enginesOnly, windows, took: report.total(), detached }))
    }
    await line.start({ enginesOnly, whenUp })
    if (settings.airflow && !enginesOnly) report.say(describeAirflow(settings, report.total()))
    stage = 'running'
    await tell({ ready: true })
  } catch (error) {
    // Who stops a start is told that it stops, and not what that start has missed.
    if (stage === 'stopping') return
    report.say(`\n${error.message}`)
    await end(1)
  }
}

const main = async () => {
  // A terminal that has gone away, or a full disk under the log, ends the talking and not the work.
  process.stdout.on('error', () => undefined)
  const flags = [...readFlags(usage, ['--detach', '--engines-only', '--detached'])]
  const settings = readSettings()
  const enginesOnly = flags.includes('--engines-only')
  if (flags.includes('--detach')) return detach(settings, flags.filter((flag) => flag !== '--detach'))
  const tell = (message) => new Promise((done) => process.connected ? process.send(message, done) : done())
  const emit = (text) => {
    console.log(text)
    void tell({ text })
  }
  return supervise(settings, { enginesOnly, detached: flags.includes('--detached'), emit, tell })
}

main().catch((error) => {
  console.error(error.message)
  process.exitCode = 1
})
