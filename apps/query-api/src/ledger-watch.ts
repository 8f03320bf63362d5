import { bucketStates, type BucketAnswer, type LedgerAnswer } from '@millrace/rest'
import { ledgerJudged, ledgerUnbalanced } from './query-api.signals.ts'

const mostRemembered = 10_000

/** Counts the buckets of each look, and says of an unbalanced one that it is: once, and again when its numbers change. */
export class LedgerWatch {
  readonly #said = new Map<string, string>()

  seen({ stream, version, summary, data }: LedgerAnswer): void {
    const label = `${stream}.v${version}`
    for (const state of bucketStates) ledgerJudged({ stream: label, state, buckets: summary[state] })
    const news = data.filter((bucket) => this.#isNews(`${label} ${bucket.bucket}`, bucket))
    const [first] = news
    if (first) ledgerUnbalanced({ stream: label, count: news.length, bucket: first.bucket, differences: first.differences })
  }

  #isNews(key: string, { state, differences }: BucketAnswer): boolean {
    const said = this.#said.get(key)
    if (state !== 'unbalanced') {
      this.#said.delete(key)
      return false
    }
    const text = JSON.stringify(differences)
    if (this.#said.size >= mostRemembered) this.#said.clear()
    this.#said.set(key, text)
    return said !== text
  }
}
