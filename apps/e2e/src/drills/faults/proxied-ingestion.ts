import { setTimeout as pause } from 'node:timers/promises'
import { OneWayProxy } from '@millrace/testing/one-way-proxy'
import type { DrillBench } from '../bench/drill-bench.ts'
import { KafkaProxy } from './kafka-proxy.ts'
import { ingestionInstance, setAside, StandIn } from './stand-in.ts'

const cassandraPort = 19_042

/** Ingestion whose ways to Kafka and to Cassandra a drill holds in its hands, in the place of the line's own. */
export class ProxiedIngestion {
  #setAside = 0
  #runs: StandIn | null = null
  readonly #cuts = new Map<string, number>()

  private constructor(private readonly bench: DrillBench, readonly kafka: KafkaProxy, readonly cassandra: OneWayProxy, private readonly settings: NodeJS.ProcessEnv) {}

  /** Opens the ways; everything is as it was when the drill ends. */
  static async open(bench: DrillBench, settings: NodeJS.ProcessEnv = {}): Promise<ProxiedIngestion> {
    const { line, processes } = bench
    const kafka = await KafkaProxy.open(line, processes)
    bench.finally(() => kafka.proxy.shut())
    const cassandra = new OneWayProxy({ target: `127.0.0.1:${cassandraPort + line.portOffset}` })
    await cassandra.open()
    bench.finally(() => cassandra.shut())
    const ingestion = new ProxiedIngestion(bench, kafka, cassandra, settings)
    bench.finally(() => ingestion.handBack())
    return ingestion
  }

  get runs(): StandIn {
    if (!this.#runs) throw new Error('No ingestion runs behind the proxies.')
    return this.#runs
  }

  /** The line's own stands still, and one behind the proxies takes over what it held. */
  async takeOver(): Promise<void> {
    const { line, processes } = this.bench
    this.#runs = await StandIn.start(line, processes, 'ingestion', {
      ...this.settings,
      MILLRACE_INGESTION_INSTANCE: ingestionInstance(line),
      MILLRACE_KAFKA_BROKERS: this.kafka.address,
      MILLRACE_CASSANDRA_CONTACT_POINTS: this.cassandra.address,
    })
    this.#setAside ||= await setAside(processes, 'ingestion')
  }

  /** kill -9, and another one in its place. */
  async killed(): Promise<void> {
    const { runs } = this
    await runs.kill()
    if (this.#runs === runs) await this.takeOver()
  }

  async frozen(ms: number): Promise<void> {
    const { runs } = this
    runs.signal('SIGSTOP')
    await pause(ms)
    if (runs.isRunning) runs.signal('SIGCONT')
  }

  /** A way that leads nowhere for a while. */
  async cutOff(way: 'kafka' | 'cassandra', ms: number): Promise<void> {
    const proxy = way === 'kafka' ? this.kafka.proxy : this.cassandra
    this.#cuts.set(way, (this.#cuts.get(way) ?? 0) + 1)
    await proxy.shut()
    await pause(ms)
    const left = (this.#cuts.get(way) ?? 1) - 1
    this.#cuts.set(way, left)
    if (left === 0) await proxy.open()
  }

  /** Ends what runs behind the proxies, unless it has ended, and lets the launcher start the line's own anew. */
  async handBack(): Promise<void> {
    await this.#runs?.kill()
    this.#runs = null
    if (this.#setAside === 0) return
    process.kill(this.#setAside, 'SIGKILL')
    this.#setAside = 0
  }
}
