import { hash } from 'node:crypto'
import { letterRecord } from '@millrace/kafka'
import type { Clock } from '@millrace/service'
import { deadLetterTopic, type StreamDeclaration } from '@millrace/stream-kit'
import { planMove, seenTtlSeconds } from '../rules/plan-page.ts'
import { seenRow } from '../rules/seen-index.ts'
import { rejectedBucketAt } from '../rules/time-bucket.ts'
import { UnreadableAnswer } from '../source/unreadable-answer.ts'
import type { PagePipeline } from './page-pipeline.ts'
import type { SeenCache } from './seen-cache.ts'
import type { StreamHold } from './stream-hold.ts'

interface PagesOptions {
  readonly stream: StreamDeclaration
  readonly hold: StreamHold
  readonly pipeline: PagePipeline
  readonly seen: SeenCache
  readonly clock: Clock
}

/** A source that fails for hours, each time with other bytes, must not fill the letters. */
const oneInMs = 3_600_000

/**
 * Keeps the bytes of answers that are no page, each content once and one an hour at most. Such an answer is waited for
 * like every outage: no record is lost with it, none is counted, and the letter only shows what the source has said.
 */
export class UnreadablePages {
  readonly #options: PagesOptions
  #keptAt = Number.NEGATIVE_INFINITY

  constructor(options: PagesOptions) {
    this.#options = options
  }

  /** Reads a page; an answer that is none is kept before it is thrown. */
  async keeping<T>(at: { readonly run: string; readonly page: number }, read: () => Promise<T>): Promise<T> {
    try {
      return await read()
    } catch (error) {
      if (error instanceof UnreadableAnswer) await this.#keep(error, at)
      throw error
    }
  }

  async #keep({ answer, size, code, message, fields }: UnreadableAnswer, { run, page }: { readonly run: string; readonly page: number }): Promise<void> {
    const { stream, hold, pipeline, seen, clock } = this.#options
    const { state } = hold
    const now = clock.now()
    const digest = hash('sha256', answer, 'buffer')
    const [id, content] = [digest.toString('base64url', 0, 16), digest.toString('base64url', 16, 22)]
    const sizeMs = state.progress.seenBucketMs
    await seen.load([rejectedBucketAt(now, sizeMs), rejectedBucketAt(now - sizeMs, sizeMs)])
    if (seen.find(id) || now - this.#keptAt < oneInMs) return
    const origin = { url: `http://${typeof fields['host'] === 'string' ? fields['host'] : ''}/`, page, index: -1 }
    const detail = `${code}: ${message}${size > answer.length ? ` (the first ${answer.length} of ${size} bytes are kept)` : ''}`
    const entry = { bucket: rejectedBucketAt(now, sizeMs), id, content }
    await pipeline.commit({
      sends: [{ topic: deadLetterTopic(stream), messages: [letterRecord({ key: JSON.stringify(origin), value: answer, reason: 'page-unreadable', detail, origin, run })] }],
      seen: [seenRow(entry.bucket, [entry])],
      seenTtlSeconds: seenTtlSeconds(stream),
      move: planMove({ stream, state, books: new Map(), changes: new Map(), progress: state.progress }),
    })
    seen.add([entry])
    this.#keptAt = now
  }
}
