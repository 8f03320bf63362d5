import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface LineSettings {
  /** The workspace whose code runs. */
  readonly root: string
  /** Where all data, keys and logs of the line are; it outlives the workspace. */
  readonly state: string
  readonly portOffset: number
  /** More settings for the launcher and, through it, for the apps. */
  readonly settings?: Readonly<Record<string, string>>
  /** Where its Cassandra is, asked at each use: a container gets another address with each start. */
  readonly cassandra?: () => Promise<string>
}

const cassandraPort = 19_042
const ports = { queryApi: 13_000, ingestion: 13_001, sparkBridge: 13_002, materializer: 13_003, simulator: 13_009, airflow: 18_080 }

/** Where a line that was started with these settings is found, and its keys. */
export class Line {
  readonly root: string
  readonly state: string
  readonly portOffset: number
  readonly settings: Readonly<Record<string, string>>
  readonly cassandra: () => Promise<string>
  readonly urls: Readonly<Record<keyof typeof ports, string>>

  constructor({ root, state, portOffset, settings = {}, cassandra = () => Promise.resolve(`127.0.0.1:${cassandraPort + portOffset}`) }: LineSettings) {
    this.root = root
    this.state = state
    this.portOffset = portOffset
    this.settings = settings
    this.cassandra = cassandra
    const url = (name: keyof typeof ports): string => `http://127.0.0.1:${ports[name] + portOffset}`
    this.urls = { queryApi: url('queryApi'), ingestion: url('ingestion'), sparkBridge: url('sparkBridge'), materializer: url('materializer'), simulator: url('simulator'), airflow: url('airflow') }
  }

  /** The same data and addresses with the code of another workspace. */
  in(root: string): Line {
    return new Line({ root, state: this.state, portOffset: this.portOffset, settings: this.settings, cassandra: this.cassandra })
  }

  /** The same line where something of it is found elsewhere. */
  at(urls: Partial<Line['urls']>): Line {
    return Object.assign(new Line(this), { urls: { ...this.urls, ...urls } })
  }

  /** The same data and addresses with more settings. */
  with(settings: Readonly<Record<string, string>>): Line {
    return new Line({ root: this.root, state: this.state, portOffset: this.portOffset, settings: { ...this.settings, ...settings }, cassandra: this.cassandra })
  }

  /** Of the one user of Airflow's page and API. */
  airflowPassword(): string {
    return readFileSync(join(this.state, 'secrets/airflow-admin-password'), 'utf8').trim()
  }

  /** A client's key, made by the launcher at the first start. */
  key(name: 'trigger' | 'control'): string {
    return readFileSync(join(this.state, 'keys', name), 'utf8').trim()
  }
}
