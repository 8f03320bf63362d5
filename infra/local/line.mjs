import { mkdir } from 'node:fs/promises'
import { cassandra } from './engines/cassandra.mjs'
import { kafka } from './engines/kafka.mjs'
import { spark } from './engines/spark.mjs'
import { javaVersion } from './java.mjs'
import { stopLeftovers } from './leftovers.mjs'
import { portsFree } from './port-free.mjs'
import { makeSecrets } from './secrets.mjs'
import { Supervised } from './supervise.mjs'
import { makeTether } from './tether.mjs'

/** The whole platform on this machine: starts in parallel what can be, and stops in order. */
export class Line {
  #settings
  #report
  #tether
  #running = []

  constructor(settings, report) {
    this.#settings = settings
    this.#report = report
  }

  async start() {
    const { state, run, logs, java } = this.#settings
    for (const folder of [state, run, logs]) await mkdir(folder, { recursive: true, mode: 0o700 })
    const left = await stopLeftovers(this.#settings)
    if (left.length > 0) this.#report.line('launcher', `stopped what an earlier launcher had left: ${left.join(', ')}`)
    this.#settings.javaVersion = await javaVersion(java)
    await makeSecrets(state)
    this.#tether = await makeTether()
    await Promise.all([kafka, cassandra, spark].map((engine) => this.#startEngine(engine(this.#settings))))
  }

  async #startEngine(engine) {
    const { report } = { report: this.#report }
    await portsFree(engine.name, engine.ports, 0)
    await report.step(engine.name, 'fetching jars, writing settings', undefined, () => engine.prepare())
    await report.step(engine.name, 'starting', `ready on ${engine.address}`, () => this.#supervise(engine))
  }

  #supervise(service) {
    const supervised = new Supervised(service, { settings: this.#settings, tether: this.#tether, say: (text) => this.#report.say(text) })
    this.#running.push({ supervised, service })
    return supervised.start()
  }

  async stop() {
    const named = (names) => this.#running.filter(({ service }) => names === undefined || names.includes(service.name)).map(({ supervised }) => supervised.stop())
    await Promise.all(named(['spark']))
    await Promise.all(named())
  }
}
