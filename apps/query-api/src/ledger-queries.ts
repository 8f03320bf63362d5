import { currentOf } from '@millrace/cassandra'
import { ledgerAnswer, ledgerRange, mostBuckets, readLedgerQuery, type LedgerAnswer, type LedgerBucket, type LedgerQuery, type PageTokens, type TimeRange, type TokenScope } from '@millrace/rest'
import type { Clock } from '@millrace/service'
import { ledgerBucketMs, type Catalogue, type StreamDeclaration } from '@millrace/stream-kit'
import { findStream } from './find-stream.ts'
import { LedgerReading } from './ledger-reading.ts'
import type { LedgerStore } from './ledger-store.ts'
import { LedgerWatch } from './ledger-watch.ts'
import type { ServedGenerations } from './served-generations.ts'
import type { StreamStates } from './stores.ts'

export interface LedgerQuestion {
  readonly stream: string
  readonly parameters: Readonly<Record<string, unknown>>
  readonly caller: string
}

interface LedgerSources {
  readonly catalogue: Catalogue
  readonly states: StreamStates
  readonly generations: ServedGenerations
  readonly ledger: LedgerStore
  readonly tokens: PageTokens
  readonly clock: Pick<Clock, 'now'>
  /** See LedgerWatch. */
  readonly alarmAfterMs: number
}

/** Where a page begins, and the range that all pages cover. */
interface Start {
  readonly range: TimeRange
  readonly at: number
}

/**
 * Answers whether the ledger of a stream balances.
 *
 * `finalUntil` is read before books and rows, and that is enough for a closed bucket to be complete in both:
 * - finalUntil is a watermark W that was moved together with the published offsets O and the books of everything up to O,
 *   in one transaction. So the books that are read after it hold every event up to O.
 * - Every page that was judged after that is judged against W or a higher watermark: of what lies before W nothing is
 *   published any more. So the books of a bucket that ends at W or before have all that it will ever have as published.
 *   A page that is published but not moved yet is such a page: it adds nothing to a closed bucket.
 * - W was written as finalUntil when every window up to O was stored. So are the rows that are read after it.
 * - Repeated, rejected and late records may come at any time. They change fetched and fresh in the same row and the same
 *   transaction: the equations between them hold whenever the row is read.
 * Which generations are served is read before all that; one that is promoted meanwhile leaves the rows of the old ones.
 */
export class LedgerQueries {
  readonly #reading: LedgerReading
  readonly #watch: LedgerWatch

  constructor(private readonly from: LedgerSources) {
    this.#reading = new LedgerReading(from.ledger, from.clock)
    this.#watch = new LedgerWatch(from)
  }

  /** Throws NothingDeclared or RequestRefused. */
  async answer({ stream: name, parameters, caller }: LedgerQuestion): Promise<LedgerAnswer> {
    const { catalogue, generations, states, ledger, tokens, clock } = this.from
    const query = readLedgerQuery(parameters)
    const stream = findStream(catalogue, name, query.version ?? undefined)
    const scope: TokenScope = { caller, path: '/v1/streams/{stream}/ledger', group: [stream.name, stream.version], from: query.from, to: query.to }

    const served = await generations.served(stream)
    const generation = currentOf(served)?.generation ?? null
    const finalUntil = generation === null ? null : ((await generations.progress(stream, generation))?.finalUntil ?? null)
    const highest = (await states.read(stream))?.highestEventTime ?? null
    const horizon = horizonOf(stream, highest, clock.now())

    const start = this.#start(query, scope, { highest, horizon })
    const range = start && { from: start.at, to: Math.min(start.range.to, start.at + mostBuckets * ledgerBucketMs) }
    const { buckets, readTo } = range ? await this.#reading.read({ stream, range, generations: served, horizon }) : { buckets: [], readTo: 0 }
    const isLast = start === null || readTo >= start.range.to
    const unreadable = isLast ? await ledger.unreadable(stream) : null
    const answer = ledgerAnswer(stream, {
      time: { finalUntil, horizon }, generation,
      buckets: [...buckets, ...(unreadable ? [{ start: null, counts: unreadable, included: 0, aggregated: null, views: {}, isAged: false } satisfies LedgerBucket] : [])],
      next: isLast ? null : tokens.sign(scope, { range: start.range, generations: [], after: String(readTo) }),
    })
    this.#watch.seen(answer, { isNextPage: query.cursor !== null })
    return answer
  }

  #start(query: LedgerQuery, scope: TokenScope, known: { readonly highest: number | null; readonly horizon: number }): Start | null {
    if (query.cursor === null) {
      const range = ledgerRange(query, known)
      return range && { range, at: range.from }
    }
    const { range, after } = this.from.tokens.verify(scope, query.cursor)
    return { range, at: Number(after) }
  }
}

/**
 * Rows live for the retention by the wall clock. Those of a stream of our time are written when its events happen, at the
 * earliest so long before as a source's clock may run ahead; those of a replay are measured by its own newest event, and
 * by their generation.
 */
const horizonOf = ({ retentionMs, clockToleranceMs, trustSourceClock }: StreamDeclaration, highest: number | null, now: number): number =>
  trustSourceClock ? (highest ?? now) - retentionMs : now - retentionMs + clockToleranceMs
