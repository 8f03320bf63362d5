import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { app, appNames, appNode, buildOf } from './apps.mjs'
import { buildApps } from '../prepare/builds.mjs'
import { needDisk } from '../prepare/disk.mjs'
import { airflow } from '../engines/airflow.mjs'
import { cassandra } from '../engines/cassandra.mjs'
import { kafka } from '../engines/kafka.mjs'
import { spark } from '../engines/spark.mjs'
import { appEnvironment } from './environment.mjs'
import { javaVersion } from '../prepare/java.mjs'
import { needVenv } from '../prepare/venv.mjs'
import { stopLeftovers } from '../process/leftovers.mjs'
import { installPackages } from '../prepare/packages.mjs'
import { portsFree } from '../process/port-free.mjs'
import { endPatience } from '../process/priority.mjs'
import { airflowStopOrder, startAirflow } from './orchestrator.mjs'
import { run } from '../process/run.mjs'
import { makeSecrets } from '../prepare/secrets.mjs'
import { Supervised } from '../process/supervise.mjs'
import { makeTether } from '../process/tether.mjs'

const leastFreeBytes = 2 ** 30

/** The whole platform on this machine: starts in parallel what does not wait for something else, and stops in order. */
export class Line {
  #settings
  #report
  #tether
  #running = new Map()
  #stopping = false

  constructor(settings, report) {
    this.#settings = settings
    this.#report = report
  }

  /**
   * Resolves when every process is ready; `enginesOnly` leaves packages, topics, tables, apps and Airflow alone. `whenUp` is
   * called when all but Airflow is: that starts beside the others and takes the processor time that they leave.
   */
  async start({ enginesOnly = false, whenUp = () => undefined } = {}) {
    const services = { kafka: kafka(this.#settings), cassandra: cassandra(this.#settings), spark: spark(this.#settings) }
    const apps = enginesOnly ? [] : appNames.map((name) => app(this.#settings, name))
    const orchestrator = enginesOnly || !this.#settings.airflow ? undefined : airflow(this.#settings)
    await this.#prepare([...Object.values(services), ...apps, ...(orchestrator === undefined ? [] : [orchestrator.api])])
    if (orchestrator !== undefined) await needVenv(this.#settings)
    const engines = Object.fromEntries(Object.entries(services).map(([name, engine]) => [name, this.#startEngine(engine)]))
    const built = enginesOnly ? undefined : this.#build()
    const provisioned = enginesOnly ? undefined : Promise.all([built, engines.kafka, engines.cassandra]).then(() => this.#provision())
    const running = apps.map((one) => (one.name === 'source-simulator' ? built : provisioned).then(() => this.#startApp(one)))
    const up = firstFailure([...Object.values(engines), built, provisioned, ...running]).then(whenUp).finally(endPatience)
    await firstFailure([up, orchestrator && this.#startAirflow(orchestrator)])
  }

  /** Stops Airflow, then the apps, then Spark, then Kafka and Cassandra. Answers whether there was anything to stop. */
  async stop() {
    this.#stopping = true
    for (const names of [...airflowStopOrder, appNames, ['spark'], ['kafka', 'cassandra']]) {
      await Promise.all(names.map((name) => this.#running.get(name)?.stop()))
    }
    return this.#running.size > 0
  }

  async #prepare(services) {
    const { state, run: runFolder, logs, java } = this.#settings
    needDisk(state, leastFreeBytes)
    for (const folder of [state, runFolder, logs]) await mkdir(folder, { recursive: true, mode: 0o700 })
    const left = await stopLeftovers(this.#settings)
    if (left.length > 0) this.#report.line('launcher', `stopped what an earlier launcher had left: ${left.join(', ')}`)
    await Promise.all(services.map(({ name, ports }) => portsFree(name, ports, 0)))
    this.#settings.javaVersion = await javaVersion(java)
    await makeSecrets(state)
    this.#tether = await makeTether()
  }

  async #startEngine(engine) {
    await this.#report.step(engine.name, 'preparing: jars and settings', undefined, () => engine.prepare())
    await this.#report.step(engine.name, 'starting', `ready on ${engine.address}`, () => this.#supervise(engine))
  }

  #startAirflow(orchestrator) {
    return startAirflow(orchestrator, { step: this.#report.step, supervise: (service) => this.#supervise(service) })
  }

  #startApp(one) {
    return this.#report.step(one.name, 'starting', `ready on ${one.url}`, () => this.#supervise(one))
  }

  async #build() {
    await this.#report.step('packages', 'npm ci', (did) => did ? 'installed' : undefined, () => installPackages(this.#settings))
    await this.#report.step('apps', 'building', (did) => did ? 'built' : undefined, () => buildApps(this.#settings))
  }

  #provision() {
    const main = buildOf(this.#settings, 'provision')
    if (!existsSync(main)) throw new Error(`${main} is missing: the apps are not built. Run: npx nx run-many -t build`)
    const apply = () => run(appNode(this.#settings), [main, 'apply'], { cwd: this.#settings.root, env: appEnvironment(this.#settings), about: 'making topics, tables and roles (provision apply)' })
    return this.#report.step('provision', 'making topics, tables and roles', 'topics, tables and roles are as declared', apply)
  }

  #supervise(service) {
    if (this.#stopping) throw new Error(`${service.name} is not started: Millrace is stopping.`)
    const supervised = new Supervised(service, { settings: this.#settings, tether: this.#tether, say: (text) => this.#report.say(text) })
    this.#running.set(service.name, supervised)
    return supervised.start()
  }
}

/** Waits for all and fails with the first failure; the later ones follow from it. */
const firstFailure = (promises) => {
  for (const promise of promises) promise?.catch(() => undefined)
  return Promise.all(promises)
}
