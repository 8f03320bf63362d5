import type { Clock } from '@millrace/service'

/**
 * Keeps an answer for a while. Whoever asks while it is being fetched waits for the same one; a failure is not kept.
 * Keys are few: one a stream, or a stream and generation.
 */
export class ForAWhile<T> {
  readonly #kept = new Map<string, { readonly at: number; readonly answer: Promise<T> }>()

  constructor(private readonly keepMs: number, private readonly clock: Pick<Clock, 'now'>) {}

  get(key: string, fetch: () => Promise<T>): Promise<T> {
    const kept = this.#kept.get(key)
    if (kept && this.clock.now() - kept.at < this.keepMs) return kept.answer
    const answer = fetch()
    const entry = { at: this.clock.now(), answer }
    this.#kept.set(key, entry)
    answer.catch(() => {
      if (this.#kept.get(key) === entry) this.#kept.delete(key)
    })
    return answer
  }
}
