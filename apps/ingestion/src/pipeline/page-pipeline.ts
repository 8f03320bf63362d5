import type { PageStore, SeenStore, StreamMove, StreamStore } from '@millrace/cassandra'
import type { TopicWriter } from '@millrace/kafka'
import { eventTopic, type StreamDeclaration } from '@millrace/stream-kit'
import { IngestionError } from '../ingestion.errors.ts'
import { pageFinished } from '../ingestion.signals.ts'
import { decodePage, encodePage, type Page } from '../rules/page-content.ts'
import { progressOf } from '../rules/progress.ts'
import type { StreamHold } from './stream-hold.ts'

export interface PipelineOptions {
  readonly stream: StreamDeclaration
  readonly hold: StreamHold
  readonly streams: StreamStore
  readonly pages: PageStore
  readonly seen: SeenStore
  readonly writer: Pick<TopicWriter, 'send'>
}

/**
 * Write ahead, publish, move: a page that was judged has its effect exactly once, whatever dies in between.
 *
 * After any failure the state of the stream is unknown here: the hold forgets it, and whoever takes the lease next
 * finishes the pending page from the table.
 */
export class PagePipeline {
  readonly #options: PipelineOptions
  #removed = { life: 0, seq: 0 }

  constructor(options: PipelineOptions) {
    this.#options = options
  }

  /** Writes the page ahead, marks it, and finishes it. */
  async commit(page: Page): Promise<void> {
    const { stream, hold, streams, pages } = this.#options
    await this.#exactly(async () => {
      const { epoch, seq } = hold.state
      await pages.write(stream, { epoch, seq }, await encodePage(page))
      if (!(await streams.setPending(stream, { epoch, seq }))) throw lost(stream)
      await this.#finish(page)
    })
  }

  /** Finishes the page that an earlier life, of this instance or another, has left in hand. */
  async finishPending(): Promise<void> {
    const { stream, hold, pages } = this.#options
    const { epoch, pending } = hold.state
    if (pending === null) return
    await this.#exactly(async () => {
      const content = await pages.read(stream, { epoch, seq: pending })
      if (!content) throw new IngestionError('page_missing', `${stream.name}: page ${pending} of epoch ${epoch} is pending, but not in the table pages.`, { fields: { stream: stream.name, epoch, pending } })
      await this.#finish(await decodePage(content))
    })
  }

  /** Moves the stream without a page: where nothing is published, but the cursor or the books have changed. */
  async book(move: Page['move']): Promise<void> {
    await this.#exactly(async () => { await this.#move(move, this.#options.hold.state.publishedOffsets, false) })
  }

  /** Removes written-ahead pages that are done, a hundred at a time. */
  async removeDone(): Promise<void> {
    const { stream, hold, pages } = this.#options
    const { life, state: { epoch, seq } } = hold
    if (this.#removed.life === life && seq - this.#removed.seq < removedAtOnce) return
    await pages.removeBefore(stream, { epoch, seq })
    this.#removed = { life, seq }
  }

  async #finish(page: Page): Promise<void> {
    const { stream, hold, seen } = this.#options
    const { epoch, seq, publishedOffsets } = hold.state
    const offsets = new Map(Object.entries(publishedOffsets))
    await hold.during(async (signal) => {
      for (const send of page.sends) {
        signal.throwIfAborted()
        const appended = await this.#options.writer.send(send)
        if (send.topic === eventTopic(stream)) for (const { partition, baseOffset, count } of appended) offsets.set(String(partition), String(baseOffset + BigInt(count)))
      }
      await seen.write(stream, { epoch, seq }, page.seen, page.seenTtlSeconds)
    })
    await this.#move(page.move, Object.fromEntries(offsets), true)
    pageFinished({ stream: stream.name, seq, sends: page.sends.length })
  }

  async #move(move: Page['move'], publishedOffsets: StreamMove['publishedOffsets'], hasPage: boolean): Promise<void> {
    const { stream, hold, streams } = this.#options
    const { state } = hold
    const { epoch, seq } = state
    if (!(await streams.move(stream, { epoch, seq, hasPage }, { ...move, publishedOffsets, leaseUntil: hold.leaseUntil() }))) throw lost(stream)
    const { cursor, watermark, highest, totals } = move
    hold.moved({ ...state, seq: seq + 1, pending: null, watermark, highest, publishedOffsets, totals, progress: progressOf(stream, cursor) })
  }

  async #exactly(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      this.#options.hold.forget()
      throw error
    }
  }
}

const removedAtOnce = 100

const lost = ({ name }: StreamDeclaration) => new IngestionError('lease_lost', `${name} was taken over by another instance.`, { fields: { stream: name } })

