import { noCounts, type DeadLetterStore, type RedriveReport, type RunRedrive, type SeenStore, type StreamStore } from '@millrace/cassandra'
import { systemClock, type Clock } from '@millrace/service'
import type { StreamDeclaration } from '@millrace/stream-kit'
import { lettersRedriven, recordsJudged } from '../ingestion.signals.ts'
import { BookCache } from '../pipeline/book-cache.ts'
import type { PagePipeline } from '../pipeline/page-pipeline.ts'
import { SeenCache } from '../pipeline/seen-cache.ts'
import type { StreamHold } from '../pipeline/stream-hold.ts'
import { addCounts, changesOf, sumCounts } from '../rules/books.ts'
import { cutPages, pageLimits } from '../rules/cut-pages.ts'
import type { Encoded } from '../rules/encode-records.ts'
import type { EventValidator } from '../rules/event-validator.ts'
import { planMove, planPage } from '../rules/plan-page.ts'
import type { Progress, RunProgress } from '../rules/progress.ts'
import { around } from '../rules/time-bucket.ts'
import { judgeEvent, takeLetter } from './judge-letter.ts'
import { firstPlace, readLetterPage, type RedrivePage, type RedrivePlace } from './letter-pages.ts'
import { emptyReport, encodeLetter, markOf, reportOn, type JudgedLetter } from './plan-redrive.ts'

export interface RedriveOptions {
  readonly stream: StreamDeclaration
  readonly hold: StreamHold
  readonly pipeline: PagePipeline
  readonly streams: StreamStore
  readonly seen: SeenStore
  readonly letters: DeadLetterStore
  readonly validate: EventValidator
  readonly seenCapacity: number
  readonly clock?: Clock
}

/** Half of what a page may have, since what is not published has books of its own. */
const limits = { ...pageLimits, buckets: 50 }

/**
 * A redrive: dead letters are judged as any run judges records, forty at a time, and each forty is one page or more:
 * written ahead, published, booked, and the letters marked with it. It never moves the cursor, and the watermark neither:
 * an event ahead of all others is left alone. Known by its place in the stream's progress it goes on after a crash.
 */
export class StreamRedrive {
  readonly #options: Required<RedriveOptions>

  constructor(options: RedriveOptions) {
    this.#options = { clock: systemClock, ...options }
  }

  /** The report when all letters are done; null when it was told to stop. */
  async run(run: { readonly id: string; readonly redrive: RunRedrive }, goesOn: () => Promise<boolean>): Promise<RedriveReport | null> {
    const { stream, hold, streams, seen: store, seenCapacity, letters } = this.#options
    const caches = { seen: new SeenCache({ stream, store, capacity: seenCapacity }), books: new BookCache(stream, streams) }
    const before = hold.state.progress.run
    const known = before?.id === run.id ? before.redrive : undefined
    let report = known?.report ?? emptyReport
    let place: RedrivePlace | null = known ? known.place : firstPlace(run.redrive)
    if (before?.id === run.id && before.isDone) return report
    while (place) {
      if (!(await goesOn())) return null
      const page: RedrivePage = await readLetterPage(letters, stream, { redrive: run.redrive, place, run: run.id })
      const judged = await this.#judge(page, run.redrive, caches.seen)
      if (run.redrive.isDryRun) report = reportOn(missingIn(report, page), judged, run.redrive)
      else report = await this.#commit({ page, judged, place }, run, { ...caches, report })
      place = page.next
    }
    if (!run.redrive.isDryRun) lettersRedriven({ run: run.id, stream: stream.name, ...report.outcomes })
    return report
  }

  async #judge({ letters }: RedrivePage, redrive: RunRedrive, seen: SeenCache): Promise<JudgedLetter[]> {
    const { stream, hold, clock, validate } = this.#options
    const { watermark, highest, progress: { seenBucketMs } } = hold.state
    const taken = letters.map((letter) => takeLetter(letter, { stream, validate, redrive, nowMs: clock.now() }))
    const needed = new Set(taken.flatMap((one) => (one.kind === 'read' && one.record.kind === 'candidate' ? around(one.record.eventTime, seenBucketMs) : [])))
    await seen.load(needed)
    const judged = taken.map((one): JudgedLetter => {
      const { letter } = one
      if (one.kind === 'left') return { letter, outcome: one.outcome, detail: one.detail, record: null }
      const { record } = one
      if (record.kind === 'refused') return { letter, outcome: 'rejected', detail: `${record.reason}: ${record.detail}`, record }
      const { outcome, detail } = judgeEvent(record, { letter, watermark, highest, find: (id) => seen.find(id) })
      // Of two letters with one event the second finds the first.
      if (outcome === 'published' || outcome === 'late') seen.add([{ bucket: around(record.eventTime, seenBucketMs)[1] ?? '', id: record.id, content: record.content }])
      return { letter, outcome, detail, record: outcome === 'ahead' ? null : record }
    })
    seen.trim(needed)
    return judged
  }

  /** Commits what was judged; the place moves with the last page. */
  async #commit({ page, judged, place }: { page: RedrivePage; judged: readonly JudgedLetter[]; place: RedrivePlace }, run: { readonly id: string; readonly redrive: RunRedrive }, { books, report: before }: { books: BookCache; report: RedriveReport }): Promise<RedriveReport> {
    const { stream, hold, pipeline, clock } = this.#options
    const context = { stream, run: run.id, seenBucketMs: hold.state.progress.seenBucketMs, nowMs: clock.now() }
    const encoded = new Map(judged.flatMap((one): [Encoded, JudgedLetter][] => { const of = encodeLetter(one, context); return of ? [[of, one]] : [] }))
    const sent = [...encoded.keys()].filter(({ outgoing }) => outgoing !== null)
    const rest = [...encoded.keys()].filter(({ outgoing }) => outgoing === null)
    const cuts = cutPages(sent, limits)
    let report = before
    for (const [at, cut] of [...cuts, null].entries()) {
      const isLast = at === cuts.length
      const of = cut ?? rest
      const told = cut ? cut.flatMap((one) => encoded.get(one) ?? []) : judged.filter((one) => !sent.some((other) => encoded.get(other) === one))
      report = reportOn(isLast ? missingIn(report, page) : report, told, run.redrive)
      const changes = changesOf(of.map(({ judged: verdict }) => verdict))
      const progress = progressWith(hold.state.progress, { id: run.id, counts: sumCounts(changes.values()), redrive: { place: isLast ? page.next : place, report }, isDone: isLast && page.next === null })
      const plan = { stream, state: hold.state, books: await books.read([...changes.keys()]), changes, progress }
      const marks = told.flatMap((one) => markOf(one, context) ?? [])
      const isAsJudged = cut || marks.length > 0 ? await pipeline.commit({ ...(cut ? planPage(cut, plan) : { sends: [], seen: [], seenTtlSeconds: 1, move: planMove(plan) }), marks }) : await pipeline.book(planMove(plan)).then(() => true)
      if (isAsJudged) books.moved(changes)
      else books.clear()
    }
    for (const [verdict, some] of Map.groupBy([...encoded.keys()], (one) => one.judged.verdict)) recordsJudged({ stream: stream.name, verdict, count: some.length })
    return report
  }
}

/** The progress of a stream with one more step of a redrive; everything else stays as it is. */
function progressWith(progress: Progress, step: RunProgress): Progress {
  const before = progress.run?.id === step.id ? progress.run.counts : noCounts
  return { ...progress, run: { ...step, counts: addCounts(before, step.counts) } }
}

const missingIn = (report: RedriveReport, { missing }: RedrivePage): RedriveReport =>
  missing.length === 0 ? report : { ...report, outcomes: { ...report.outcomes, missing: (report.outcomes.missing ?? 0) + missing.length } }

