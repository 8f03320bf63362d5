import type { Counts, RunRange, SeenStore, StreamStore } from '@millrace/cassandra'
import { hasPassed, systemClock, type Clock } from '@millrace/service'
import { deadLetterTopic, type StreamDeclaration } from '@millrace/stream-kit'
import { IngestionError } from '../ingestion.errors.ts'
import { pageSeconds, recordsJudged, recordsOutside, recordsRejected, watermarkMoved } from '../ingestion.signals.ts'
import { addCounts, changesOf, mergeChanges, sumCounts, type BookChanges } from '../rules/books.ts'
import { cutPages, pageLimits } from '../rules/cut-pages.ts'
import { encodeRecords, type Encoded } from '../rules/encode-records.ts'
import type { EventValidator } from '../rules/event-validator.ts'
import { bucketsOf, judgeRecords, type Judged } from '../rules/judge-records.ts'
import { planMove, planPage, seenOf, type PlanContext } from '../rules/plan-page.ts'
import { afterPage, afterRangePage, type Place } from '../rules/position.ts'
import { placeOf, progressAt, type Progress, type RunProgress } from '../rules/progress.ts'
import { readRecord } from '../rules/read-record.ts'
import { sourceClock } from '../rules/source-clock.ts'
import type { SourceRecord } from '../rules/source-record.ts'
import type { SourcePage, SourceReader } from '../source/source-reader.ts'
import { BookCache } from './book-cache.ts'
import type { PagePipeline } from './page-pipeline.ts'
import { SeenCache } from './seen-cache.ts'
import type { StreamHold } from './stream-hold.ts'
import { UnreadablePages } from './unreadable-pages.ts'

export interface PullOptions {
  readonly stream: StreamDeclaration
  readonly hold: StreamHold
  readonly pipeline: PagePipeline
  readonly streams: StreamStore
  readonly seen: SeenStore
  readonly reader: SourceReader
  readonly validate: EventValidator
  /** Most ids kept in memory. */
  readonly seenCapacity: number
  readonly clock?: Clock
}

/** A run as its records name it. Only triggered ones leave a trace of their own in the stream's progress. */
export interface RunInHand {
  readonly id: string
  readonly isTriggered: boolean
  /** What a backfill reads again; null goes on at the cursor. */
  readonly range: RunRange | null
}

/** How a run is told to stop. */
export interface PullControl {
  /** Asked before each page. False: leave the run where it is. */
  readonly goesOn: () => Promise<boolean>
  /** Aborts a request that waits for the source. */
  readonly signal: AbortSignal
}

/** Where a page leads to. */
interface Next {
  readonly position: Place
  readonly isLast: boolean
}

/** Counts of repeated records wait so long for a page to be booked with. */
const unbookedMs = 5_000

/** A run of a source that does not page in order is sorted in memory; more than this does not fit. */
const mostCollected = 200_000

/**
 * Pulls a source to its end: page after page is read, judged, cut, and committed.
 *
 * What is fresh, late or rejected is committed with its page. Records that only repeat earlier ones cost no write of
 * their own: their counts and the position go along with the next page, or within five seconds.
 */
export class StreamPull {
  readonly #options: Required<PullOptions>
  readonly #seen: SeenCache
  readonly #books: BookCache
  readonly #pages: UnreadablePages
  #life = 0
  #unbooked: BookChanges = new Map()
  #unbookedRun: string | null = null
  #unbookedSince: number | null = null

  constructor(options: PullOptions) {
    this.#options = { clock: systemClock, ...options }
    const { stream, streams, seen, seenCapacity } = options
    this.#seen = new SeenCache({ stream, store: seen, capacity: seenCapacity })
    this.#books = new BookCache(stream, streams)
    this.#pages = new UnreadablePages({ ...this.#options, seen: this.#seen })
  }

  /** True when the source has been read to its end; false when it was told to stop between two pages. */
  async pull(run: RunInHand, control: PullControl): Promise<boolean> {
    const { stream, hold, reader } = this.#options
    await this.#begin(run)
    if (this.#isDone(run)) return true
    const collected: SourceRecord[] = []
    let position = placeOf(run, hold.state.progress)
    let before: string | null = null
    for (;;) {
      if (!(await control.goesOn())) return false
      const from = position
      const page = await this.#pages.keeping({ run: run.id, page: from.page }, () => hold.during((signal) => reader.read(stream, from, AbortSignal.any([signal, control.signal]))))
      const startedAt = performance.now()
      const next: Next = 'range' in position ? afterRangePage(stream.source, position, page.items) : afterPage(stream.source, position, page.items)
      const ends = JSON.stringify([page.items[0], page.items.at(-1)])
      if (!next.isLast && ends === before) throw new IngestionError('source_does_not_page', `The source of ${stream.name} gave the same full page twice. Check the paging parameters of its request function.`, { fields: { stream: stream.name } })
      collected.push(...this.#read(page, position.page, run))
      if (collected.length > mostCollected) throw new IngestionError('run_too_large', `The source of ${stream.name} has more than ${mostCollected} records in one run and is not declared to page in ascending event time. Declare order: 'ascending' if it does, or ask for shorter spans.`, { fields: { stream: stream.name } })
      // A backfill publishes nothing, so nothing must come in order.
      if (next.isLast || run.range || stream.source.order === 'ascending') await this.#judge(collected.splice(0), next, run)
      pageSeconds({ stream: stream.name, seconds: (performance.now() - startedAt) / 1_000 })
      if (next.isLast) break
      if (this.#isOverdue()) await this.flush(run, false)
      ;[position, before] = [next.position, ends]
    }
    if (run.isTriggered) await this.flush(run)
    else if (this.#isOverdue()) await this.flush()
    return true
  }

  /** Books what waits to be booked, and at the end of a triggered run that it is done. */
  async flush(run?: RunInHand, isEnd = true): Promise<void> {
    const { hold, pipeline } = this.#options
    this.#dropStale()
    while (this.#unbookedSince !== null || (isEnd && run?.isTriggered === true && !this.#isDone(run))) {
      const changes = this.#takeUnbooked(pageLimits.buckets)
      const isAll = this.#unbooked.size === 0
      const context = await this.#context(changes, hold.state.progress, run, isAll && isEnd)
      await pipeline.book(planMove(context))
      this.#books.moved(changes)
      if (isAll) this.#unbookedSince = null
    }
  }

  async #begin(run: RunInHand): Promise<void> {
    const { hold } = this.#options
    if (this.#dropStale()) await this.#seen.begin(hold.state)
    // What waits from before is no part of this run.
    if (run.isTriggered && this.#unbookedRun !== run.id) await this.flush()
    this.#unbookedRun = run.id
  }

  #isOverdue(): boolean {
    return this.#unbookedSince !== null && hasPassed(unbookedMs, { since: this.#unbookedSince, now: this.#options.clock.now() })
  }

  /** Whether it is written down that the run has read the source to its end. */
  #isDone({ id }: RunInHand): boolean {
    const { run } = this.#options.hold.state.progress
    return run?.id === id && run.isDone
  }

  /** After the state was read anew, what was derived from the old one is gone; records that were not booked are read again. */
  #dropStale(): boolean {
    const { life } = this.#options.hold
    if (this.#life === life) return false
    this.#life = life
    this.#unbooked = new Map()
    this.#unbookedSince = null
    this.#books.clear()
    this.#seen.clear()
    return true
  }

  #read(page: SourcePage, number: number, { id, range }: RunInHand): SourceRecord[] {
    const { stream, clock, validate } = this.#options
    const clockMs = sourceClock(stream, { dateMs: page.dateMs, nowMs: clock.now() })
    const records = page.items.map((value, index) => readRecord({ value, origin: { url: page.url, page: number, index }, bytes: () => page.bytesOf(index), isUtf8: page.isUtf8(index) }, { stream, validate, clockMs }))
    if (range === null) return records
    // An event ahead of the watermark is for the cursor to find: known as late from here it would never be published.
    const inside = records.filter(({ eventTime }) => eventTime === null || (eventTime >= range.from && eventTime < range.to))
    if (inside.length < records.length) recordsOutside({ stream: stream.name, run: id, count: records.length - inside.length })
    return inside
  }

  async #judge(records: readonly SourceRecord[], next: Next, run: RunInHand): Promise<void> {
    const { stream, hold, clock } = this.#options
    const { watermark, progress } = hold.state
    const context = { watermark, isBackfill: run.range !== null, seenBucketMs: progress.seenBucketMs, nowMs: clock.now() }
    const needed = bucketsOf(records, context)
    await this.#seen.load(needed)
    const judged = judgeRecords(records, { ...context, find: (id) => this.#seen.find(id) })
    const cuts = cutPages(encodeRecords(judged, { stream, run: run.id, watermark, range: run.range }))
    this.#postpone(judged.filter(({ verdict }) => verdict === 'repeated'))
    for (const [at, cut] of cuts.entries()) await this.#commit(cut, at === cuts.length - 1 ? next : null, run)
    if (cuts.length === 0) this.#readOn(next, run)
    this.#seen.trim(needed)
    tell(stream, judged, hold.state.watermark)
  }

  async #commit(cut: readonly Encoded[], next: Next | null, run: RunInHand): Promise<void> {
    const { hold, pipeline } = this.#options
    const own = changesOf(cut.map(({ judged }) => judged))
    const changes = mergeChanges(own, this.#takeUnbooked(pageLimits.buckets - own.size))
    const progress = next ? progressAt(hold.state.progress, next.position, run.id) : hold.state.progress
    const context = await this.#context(changes, progress, run, next?.isLast === true && this.#unbooked.size === 0)
    if (await pipeline.commit(planPage(cut, context))) this.#books.moved(changes)
    else this.#books.clear()
    this.#seen.add(seenOf(cut))
    if (next && this.#unbooked.size === 0) this.#unbookedSince = null
  }

  async #context(changes: BookChanges, progress: Progress, run: RunInHand | undefined, isDone: boolean): Promise<PlanContext> {
    const { stream, hold } = this.#options
    const { state } = hold
    const { cursor, page, greatest, seenBucketMs, run: before } = progress
    const mine = before?.id === run?.id ? before : null
    const runProgress: RunProgress | null = run?.isTriggered === true ? { ...mine, id: run.id, counts: addTo(mine?.counts ?? null, changes), isDone } : before
    return { stream, state, books: await this.#books.read([...changes.keys()]), changes, progress: { cursor, page, greatest, run: runProgress, seenBucketMs } }
  }

  /** Records that only count. */
  #postpone(repeated: readonly Judged[]): void {
    if (repeated.length === 0) return
    this.#unbooked = mergeChanges(this.#unbooked, changesOf(repeated))
    this.#unbookedSince ??= this.#options.clock.now()
  }

  #readOn({ position }: Next, run: RunInHand): void {
    const { hold, clock } = this.#options
    const { progress } = hold.state
    const after = progressAt(progress, position, run.id)
    if (JSON.stringify(after) === JSON.stringify(progress)) return
    hold.readTo(after)
    this.#unbookedSince ??= clock.now()
  }

  #takeUnbooked(most: number): BookChanges {
    const entries = [...this.#unbooked]
    this.#unbooked = new Map(entries.slice(Math.max(0, most)))
    return new Map(entries.slice(0, Math.max(0, most)))
  }
}

const addTo = (counts: Counts | null, changes: BookChanges): Counts => (counts === null ? sumCounts(changes.values()) : addCounts(counts, sumCounts(changes.values())))

function tell({ name, version }: StreamDeclaration, judged: readonly Judged[], watermark: number | null): void {
  for (const [verdict, some] of Map.groupBy(judged, (one) => one.verdict)) recordsJudged({ stream: name, verdict, count: some.length })
  const rejected = judged.filter((one) => one.verdict === 'rejected')
  if (rejected[0]) recordsRejected({ stream: name, count: rejected.length, topic: deadLetterTopic({ name, version }), detail: rejected[0].record.detail })
  if (watermark !== null) watermarkMoved({ stream: name, watermark: new Date(watermark).toISOString(), seconds: watermark / 1_000 })
}
