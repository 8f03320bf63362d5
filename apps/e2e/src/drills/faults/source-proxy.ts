import { createServer, type Server } from 'node:http'
import type { Line } from '../../line/line.ts'

const proxyPort = 19_096

/** A trade as the simulator's API gives it. */
export interface SourceTrade {
  readonly seq: number
  readonly id: string
  readonly symbol: string
  readonly price: number
  readonly size: number
  readonly tradedAt: string
}

/** Stands between ingestion and the simulator, and changes what pages of trades hold. */
export class SourceProxy {
  /** What becomes of a page. */
  change: (trades: readonly SourceTrade[]) => readonly unknown[] = (trades) => trades
  readonly #line: Line
  readonly #server: Server

  constructor(line: Line) {
    this.#line = line
    this.#server = createServer((request, response) => {
      void this.#answer(request.url ?? '/').then(({ status, date, body }) => {
        response.writeHead(status, { 'content-type': 'application/json', ...(date !== null && { date }) }).end(body)
      }, () => { response.writeHead(502).end() })
    })
  }

  get settings(): Readonly<Record<string, string>> {
    const host = `127.0.0.1:${proxyPort + this.#line.portOffset}`
    return { MILLRACE_SOURCE_TRADES_URL: `http://${host}/v1/trades`, MILLRACE_SOURCE_HOSTS: host }
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve, reject) => { this.#server.once('error', reject).listen(proxyPort + this.#line.portOffset, '127.0.0.1', resolve) })
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #answer(path: string): Promise<{ status: number; date: string | null; body: string }> {
    const answer = await fetch(`${this.#line.urls.simulator}${path}`, { signal: AbortSignal.timeout(10_000) })
    const body = await answer.text()
    const date = answer.headers.get('date')
    if (!answer.ok) return { status: answer.status, date, body }
    const page = JSON.parse(body) as { trades: readonly SourceTrade[] }
    return { status: 200, date, body: JSON.stringify({ ...page, trades: this.change(page.trades) }) }
  }
}
