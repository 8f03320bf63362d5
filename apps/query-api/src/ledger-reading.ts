import { includedAt } from '@millrace/cassandra'
import type { LedgerBucket, ReadGeneration, StreamCounts, TimeRange } from '@millrace/rest'
import type { Clock } from '@millrace/service'
import { doesBalance, ledgerBucketMs, ledgerView, type StreamDeclaration, type ViewDeclaration } from '@millrace/stream-kit'
import { GenerationFacts } from './generation-facts.ts'
import type { HourEvents, LedgerStore } from './ledger-store.ts'

export interface LedgerSpan {
  readonly stream: StreamDeclaration
  /** Full hours. */
  readonly range: TimeRange
  /** Newest first. */
  readonly generations: readonly ReadGeneration[]
  /** Hours that begin before it have outlived the retention. */
  readonly horizon: number
}

export interface LedgerRead {
  /** Oldest first; hours that neither books nor rows know are left out. */
  readonly buckets: readonly LedgerBucket[]
  /** Up to where the span was read. */
  readonly readTo: number
}

/** When an answer has cost so many rows it ends, and the rest is the next page: an answer must come in time. */
const enoughRows = 20_000
const noCounts: StreamCounts = { fetched: 0, fresh: 0, repeated: 0, rejected: 0, late: 0, published: 0 }

type Counted = ReadonlyMap<ViewDeclaration, ReadonlyMap<number, HourEvents>>

/** Reads what the ledger compares, of a span of hours. */
export class LedgerReading {
  readonly #facts: GenerationFacts

  constructor(private readonly store: LedgerStore, clock: Pick<Clock, 'now'>) {
    this.#facts = new GenerationFacts(store, clock)
  }

  /** Begins with one hour and reads twice as many with every round, so that one of many rows costs no more than itself. */
  async read(span: LedgerSpan): Promise<LedgerRead> {
    const { stream, range } = span
    const books = new Map((await this.store.books(stream, range)).map(({ hour, ...counts }) => [hour, counts]))
    const views = stream.views.filter(doesBalance)
    const buckets: LedgerBucket[] = []
    let readTo = range.from
    for (let [hours, cost] = [1, 0]; readTo < range.to && cost < enoughRows; hours *= 2) {
      const part = { from: readTo, to: Math.min(range.to, readTo + hours * ledgerBucketMs) }
      const sums = await Promise.all(views.map(async (view) => ({ view, ...(await this.store.events({ ...span, view, range: part })) })))
      const counted: Counted = new Map(sums.map(({ view, hours: events }) => [view, events]))
      for (let start = part.from; start < part.to; start += ledgerBucketMs) {
        const counts = books.get(start)
        if (counts || sums.some((sum) => sum.hours.has(start))) buckets.push(await this.#bucket(span, counted, start, counts ?? noCounts))
      }
      cost += sums.reduce((rows, sum) => rows + sum.rows, 0)
      readTo = part.to
    }
    return { buckets, readTo }
  }

  async #bucket({ stream, generations, horizon }: LedgerSpan, counted: Counted, start: number, counts: StreamCounts): Promise<LedgerBucket> {
    const sums: Record<string, number> = {}
    let row: HourEvents | undefined
    for (const [view, hours] of counted) {
      if (view.name === ledgerView) row = hours.get(start)
      else if (await this.#facts.knows({ stream, generations, horizon, view, start })) sums[view.name] = hours.get(start)?.events ?? 0
    }
    return { start, counts, included: includedAt(generations, { start, end: start + ledgerBucketMs }), aggregated: row?.events ?? null, views: sums, isAged: start >= horizon && (await this.#facts.isAged({ stream, generations, start, row })) }
  }
}
