import { waitUntil } from '@millrace/service'
import type { DrillBench } from '../bench/drill-bench.ts'
import { ProxiedIngestion } from './proxied-ingestion.ts'
import { SourceProxy, type SourceTrade } from './source-proxy.ts'

/** Trades that the source gives once more, at another price, with the next page; so few that no page is full by them. */
const repricedCount = 5
const pageSize = 1_000

/** Ingestion that is killed with a page in hand, and a source that does not give that page a second time. */
export class SecondAttempts {
  /** As the source has given them last. */
  readonly #given = new Map<string, SourceTrade>()

  private constructor(private readonly source: SourceProxy, private readonly ingestion: ProxiedIngestion) {
    this.#honest()
  }

  static async open(bench: DrillBench): Promise<SecondAttempts> {
    const source = new SourceProxy(bench.line)
    await source.open()
    bench.finally(() => source.close())
    const attempts = new SecondAttempts(source, await ProxiedIngestion.open(bench, source.settings))
    await attempts.ingestion.takeOver()
    return attempts
  }

  /** Waits for a page that is judged, and holds what ingestion does next: publish it, or move the cursor after it. Answers its trades. */
  async hold(next: 'publish' | 'move'): Promise<SourceTrade[]> {
    const { kafka, cassandra } = this.ingestion
    this.#honest()
    let page: Buffer | undefined
    let isHeld = false
    kafka.follow({
      onProduce: (frame) => {
        page ??= Buffer.from(frame)
        isHeld ||= next === 'publish'
        return next === 'publish' ? 'hold' : 'pass'
      },
      onProduced: () => {
        // An answer to what was sent before.
        if (!page) return 'pass'
        cassandra.onRequest = () => { isHeld = true; return 'hold' }
        return 'pass'
      },
    })
    await waitUntil(() => isHeld, { deadlineMs: 60_000, what: 'a page in hand' })
    return [...this.#given.values()].filter(({ id }) => page?.includes(`"${id}"`))
  }

  /** kill -9, and another process whose source has changed. Answers how many of these trades come later at another price. */
  async again(held: readonly SourceTrade[]): Promise<number> {
    const { kafka, cassandra, runs } = this.ingestion
    await runs.kill()
    for (const proxy of [kafka.proxy, cassandra]) proxy.cut()
    cassandra.onRequest = () => 'pass'
    kafka.follow({})
    this.#changed(held)
    await this.ingestion.takeOver()
    return Math.min(repricedCount, held.length)
  }

  #honest(): void {
    this.source.change = (trades) => this.#giving(trades)
  }

  #giving(trades: readonly SourceTrade[]): readonly SourceTrade[] {
    for (const trade of trades) this.#given.set(trade.id, trade)
    return trades
  }

  /** A third of these trades is gone, a third has another price, and no page is in order. */
  #changed(held: readonly SourceTrade[]): void {
    const nth = new Map(held.map(({ id }, index) => [id, index]))
    const repriced = held.slice(0, repricedCount).map((trade) => ({ ...trade, price: trade.price + 1 }))
    let isTold = false
    this.source.change = (trades) => {
      const page = trades.flatMap((trade) => {
        const third = (nth.get(trade.id) ?? 2) % 3
        return third === 0 ? [] : [third === 1 ? { ...trade, price: trade.price + 1 } : trade]
      }).reverse()
      if (isTold || trades.length === 0 || trades.length + repricedCount >= pageSize) return this.#giving(page)
      isTold = true
      return this.#giving([...page, ...repriced])
    }
  }
}
