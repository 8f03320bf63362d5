import { mkdir } from 'node:fs/promises'
import { airflow } from './engines/airflow.mjs'
import { airflowStopOrder, startAirflow } from './line/orchestrator.mjs'
import { readSettings } from './line/settings.mjs'
import { makeSecrets } from './prepare/secrets.mjs'
import { endPatience } from './process/priority.mjs'
import { Supervised } from './process/supervise.mjs'
import { makeTether } from './process/tether.mjs'

/** For tests and measurements: a launcher of Airflow and nothing else. Prints `ready`; TERM stops it in order. */
const settings = readSettings()
for (const folder of [settings.state, settings.run, settings.logs]) await mkdir(folder, { recursive: true, mode: 0o700 })
await makeSecrets(settings.state)
const tether = await makeTether()
const running = new Map()
const supervise = (service) => {
  const supervised = new Supervised(service, { settings, tether, say: (text) => console.error(text) })
  running.set(service.name, supervised)
  return supervised.start()
}

process.on('SIGTERM', async () => {
  for (const names of airflowStopOrder) await Promise.all(names.map((name) => running.get(name)?.stop()))
  process.exit(0)
})

endPatience()
await startAirflow(airflow(settings), { step: (name, doing, done, work) => work(), supervise })
console.log('ready')
