import { readView, withoutFinal } from '../../http/read-view.ts'
import { streamStatus, type StreamStatus } from '../../http/stream-status.ts'
import { ledgerDifferences } from '../../ledger/ledger-differences.ts'
import { eventually } from '../../line/eventually.ts'
import { lineStatus } from '../../line/line-processes.ts'
import type { Line } from '../../line/line.ts'
import { settle } from '../../line/settle.ts'
import { differences } from '../../oracle/differences.ts'
import { tradeRows } from '../../oracle/trade-rows.ts'
import { trueTrades, type Trade } from '../../oracle/true-trades.ts'
import { balanceOf } from './count-by-window.ts'
import { lateTradeIds } from './late-ids.ts'
import { recount } from './recount.ts'
import { secretsInLogs } from './secrets-in-logs.ts'
import type { Verdict } from './verdict.ts'

const minute = 60_000
const views = [['per-10-seconds', 10_000], ['per-minute', minute]] as const
const key = ['symbol', 'windowStart']

/**
 * Says whether the line has kept its promise. It knows what the source has handed over by the source's own list, and
 * computes every row by plain arithmetic; it asks the line only for what its users get.
 */
export class Oracle {
  /** What has been handed over before this drill. */
  #known: Trade[] = []
  #counts: StreamStatus['counts'] | undefined

  constructor(private readonly line: Line) {}

  /** The line is at rest; what was served until now belongs to no drill. */
  async begin(): Promise<void> {
    await settle(this.line, 'trades')
    this.#known = await trueTrades(this.line)
    this.#counts = (await streamStatus(this.line.urls.queryApi, 'trades')).counts
  }

  /** After a drill whose flow has stopped: waits until the line has come to rest, and judges it. `added` events came past the source's list. */
  async judge(added = 0): Promise<Verdict> {
    const { line } = this
    await everyProcessReady(line)
    await settle(line, 'trades')
    const before = new Set(this.#known.map(({ id }) => id))
    const all = await trueTrades(line)
    const during = all.filter(({ id }) => !before.has(id))
    if (during.length === 0) throw new Error('The source has handed nothing over during the drill.')
    const times = during.map(({ tradedAt }) => tradedAt)
    const range = { from: Math.floor(least(times) / minute) * minute, to: greatest(times) + 1 }
    const late = await lateTradeIds(line, range)
    const counted = all.filter(({ id, tradedAt }) => tradedAt >= range.from && tradedAt < range.to && !late.has(id))

    const problems: string[] = []
    let balance = { lost: 0, double: 0 }
    for (const [view, sizeMs] of views) {
      const expected = tradeRows(counted, sizeMs)
      const rows = withoutFinal(await readView(line.urls.queryApi, `/v1/trades/${view}`, range, 1_000))
      if (view === 'per-10-seconds') balance = balanceOf(expected, rows, key)
      problems.push(...differences(expected, rows, { key, within: ['vwap'] }).map((text) => `${view} ${text}`))
    }
    problems.push(...(await ledgerDifferences(line, 'trades')).map((text) => `ledger ${text}`))
    const { counts } = await streamStatus(line.urls.queryApi, 'trades')
    const fresh = counts.fresh - (this.#counts?.fresh ?? 0)
    if (fresh !== during.length + added) problems.push(`the source has handed over ${during.length + added} events, ingestion has taken ${fresh} for new`)
    const counting = await recount(line, 'trades', range.from)
    if (counting !== null && counting.verdict !== 'equal') problems.push(`recount ${counting.verdict ?? counting.state}: ${JSON.stringify(counting.figures)} ${JSON.stringify(counting.error)}`)
    problems.push(...secretsInLogs(line))
    return { events: during.length, ...balance, problems, late: during.filter(({ id }) => late.has(id)).length, recount: counting === null ? 'nothing final' : `${counting.figures.equal} of ${counting.figures.compared}` }
  }
}

const least = (numbers: readonly number[]): number => numbers.reduce((a, b) => Math.min(a, b))
const greatest = (numbers: readonly number[]): number => numbers.reduce((a, b) => Math.max(a, b))

const everyProcessReady = (line: Line): Promise<unknown> => eventually(async () => (await lineStatus(line)).processes.every(({ state }) => state === 'ready'), {
  deadlineMs: 240_000, everyMs: 1_000, what: 'every process of the line to be ready',
})
