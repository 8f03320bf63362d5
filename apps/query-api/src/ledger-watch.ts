import { bucketStates, type BucketAnswer, type BucketState, type LedgerAnswer } from '@millrace/rest'
import type { Clock } from '@millrace/service'
import { ledgerAlarm, ledgerJudged, ledgerUnbalanced, ledgerUnbalancedFor } from './query-api.signals.ts'

const mostRemembered = 10_000

/** An unbalanced bucket. */
interface Known {
  readonly since: number
  /** What was said of it. */
  readonly differences: string
  isAlarmed: boolean
}

/** What the metrics of a stream show. */
interface Shown {
  readonly buckets: Readonly<Record<BucketState, number>>
  readonly longestMs: number
}

export interface LedgerWatchOptions {
  /** A bucket that does not balance for longer is an alarm. */
  readonly alarmAfterMs: number
  readonly clock: Pick<Clock, 'now'>
}

/**
 * Counts the buckets of each look, and says of an unbalanced one that it is: once, and again when its numbers change. One
 * that stays so longer than declared is an alarm, once. How long is known only as far as this process has looked.
 */
export class LedgerWatch {
  readonly #known = new Map<string, Known>()
  readonly #shown = new Map<string, Shown>()

  constructor(private readonly options: LedgerWatchOptions) {}

  /** An answer; the next page of one counts with the pages before it. */
  seen({ stream, version, summary, data }: LedgerAnswer, { isNextPage = false } = {}): void {
    const label = `${stream}.v${version}`
    const before = isNextPage ? this.#shown.get(label) : undefined
    const buckets = Object.fromEntries(bucketStates.map((state) => [state, summary[state] + (before?.buckets[state] ?? 0)])) as Shown['buckets']
    for (const state of bucketStates) ledgerJudged({ stream: label, state, buckets: buckets[state] })
    const news = data.filter((bucket) => this.#isNews(`${label} ${bucket.bucket}`, bucket))
    const [first] = news
    if (first) ledgerUnbalanced({ stream: label, count: news.length, bucket: first.bucket, differences: first.differences })
    this.#shown.set(label, { buckets, longestMs: this.#alarm(label, data, before?.longestMs ?? 0) })
  }

  /** Answers for how long the bucket that has been unbalanced longest has been so. */
  #alarm(label: string, data: readonly BucketAnswer[], longestBefore: number): number {
    const now = this.options.clock.now()
    const unbalanced = data.flatMap((bucket) => {
      const known = this.#known.get(`${label} ${bucket.bucket}`)
      return known ? [{ bucket, known, forMs: now - known.since }] : []
    })
    const longestMs = Math.max(longestBefore, ...unbalanced.map(({ forMs }) => forMs))
    ledgerUnbalancedFor({ stream: label, seconds: longestMs / 1_000 })
    const late = unbalanced.filter(({ forMs, known }) => forMs > this.options.alarmAfterMs && !known.isAlarmed)
    const [first] = late
    if (!first) return longestMs
    for (const { known } of late) known.isAlarmed = true
    ledgerAlarm({ stream: label, count: late.length, minutes: Math.round(first.forMs / 60_000), bucket: first.bucket.bucket, differences: first.bucket.differences })
    return longestMs
  }

  #isNews(key: string, { state, differences }: BucketAnswer): boolean {
    const before = this.#known.get(key)
    if (state !== 'unbalanced') {
      this.#known.delete(key)
      return false
    }
    const text = JSON.stringify(differences)
    if (this.#known.size >= mostRemembered) this.#known.clear()
    this.#known.set(key, { since: before?.since ?? this.options.clock.now(), differences: text, isAlarmed: before?.isAlarmed ?? false })
    return before?.differences !== text
  }
}
