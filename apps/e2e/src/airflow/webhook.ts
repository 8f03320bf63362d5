import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { writeFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'

/** What the DAGs tell a webhook of a task that has failed for good. */
export interface Alert {
  readonly dag: string
  readonly run: string
  readonly task: string
  readonly error: string
}

/** A webhook that keeps what it is told. Its address is written into a file, as the DAGs expect it. */
export class Webhook {
  readonly alerts: Alert[] = []
  readonly #server: Server

  constructor() {
    this.#server = createServer((request, response) => {
      void text(request).then((body) => {
        this.alerts.push(JSON.parse(body) as Alert)
        response.writeHead(204).end()
      })
    })
  }

  async listen(file: string): Promise<void> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    writeFileSync(file, `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`, { mode: 0o600 })
  }

  of(dag: string, run: string): Alert | undefined {
    return this.alerts.find((alert) => alert.dag === dag && alert.run === run)
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }
}
