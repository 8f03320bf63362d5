import type { DeadLetterStore, KeptPageStore, PageStore, SeenStore, StreamMove, StreamStore } from '@millrace/cassandra'
import type { TopicAdmin, TopicSend, TopicWriter, WireRecord } from '@millrace/kafka'
import { deadLetterTopic, eventTopic, type StreamDeclaration } from '@millrace/stream-kit'
import { eventsRefused, pageFinished } from '../ingestion.signals.ts'
import { encodePage, gzipped, type Packing, type Page } from '../rules/page-content.ts'
import { progressOf } from '../rules/progress.ts'
import { withPlaces, type AcknowledgedSend } from '../rules/event-places.ts'
import { marksOf } from '../rules/redrive-marks.ts'
import { correctedMove, refusedLetter } from '../rules/refused-events.ts'
import { pageInHand } from './page-in-hand.ts'
import { sendLetter, sendWhole } from './send-whole.ts'
import { takenOver, type StreamHold } from './stream-hold.ts'
import { TopicWatch } from './topic-watch.ts'

export interface PipelineOptions {
  readonly stream: StreamDeclaration
  readonly hold: StreamHold
  readonly streams: StreamStore
  readonly pages: PageStore
  readonly seen: SeenStore
  readonly writer: Pick<TopicWriter, 'send'>
  /** Asked whether the topic is still the one that was published to; without it acknowledgements alone tell. */
  readonly topics?: Pick<TopicAdmin, 'endOffsets' | 'readRange'>
  /** Where pages that have published something stay for a while; without it none does. */
  readonly kept?: Pick<KeptPageStore, 'write'>
  readonly keptSeconds?: number
  /** Marks the letters of redrives; there are none without it. */
  readonly letters?: Pick<DeadLetterStore, 'mark'>
  readonly packing?: Packing
}

/**
 * Write ahead, publish, move: a page that was judged has its effect exactly once, whatever dies in between.
 *
 * After any failure the state of the stream is unknown here: the hold forgets it, and whoever takes the lease next
 * finishes the pending page from the table.
 */
export class PagePipeline {
  readonly #options: PipelineOptions & Required<Pick<PipelineOptions, 'packing'>>
  readonly #watch: TopicWatch
  #removed = { life: 0, seq: 0 }

  constructor(options: PipelineOptions) {
    this.#options = { packing: gzipped, ...options }
    this.#watch = new TopicWatch(options)
  }

  /** Writes the page ahead, marks it, and finishes it. Answers whether it was booked as it was judged: Kafka has refused none of its events. */
  async commit(page: Page): Promise<boolean> {
    const { stream, hold, streams, pages, packing } = this.#options
    return await this.#exactly(async () => {
      const { epoch, seq } = hold.state
      const content = await encodePage(page, packing)
      await pages.write(stream, { epoch, seq }, content)
      if (!(await streams.setPending(stream, { epoch, seq }))) throw takenOver(stream)
      return await this.#finish(page, content)
    })
  }

  /** Finishes the page that an earlier life, of this instance or another, has left in hand. */
  async finishPending(): Promise<void> {
    const { stream, hold } = this.#options
    if (hold.state.pending === null) return
    await this.#exactly(async () => {
      const inHand = await pageInHand(stream, hold.state, this.#options)
      if (inHand) await this.#finish(inHand.page, inHand.content)
    })
  }

  /** While the topic is lost: resolves where it is whole after all, for it was looked for at a wrong address. Else throws `topic_replaced`. */
  async lookAgain(): Promise<void> {
    const { stream, hold } = this.#options
    await this.#exactly(async () => {
      const inHand = await pageInHand(stream, hold.state, this.#options)
      await this.#watch.lookAgain(inHand?.page)
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

  async #finish(page: Page, content: Buffer): Promise<boolean> {
    const { stream, hold, seen, letters, writer, packing: { deflate } } = this.#options
    const { epoch, seq, publishedOffsets, topic } = hold.state
    let offsets = new Map(Object.entries(publishedOffsets))
    const refused: WireRecord[] = []
    const acknowledged: AcknowledgedSend[] = []
    const isOfEvents = ({ topic }: TopicSend) => topic === eventTopic(stream)
    if (page.sends.some(isOfEvents)) await this.#watch.check(page)
    await hold.during(async (signal) => {
      for (const send of page.sends) {
        signal.throwIfAborted()
        const sent = await sendWhole(writer, send)
        acknowledged.push({ send, ...sent })
        if (isOfEvents(send)) {
          offsets = await this.#watch.after(offsets, sent.appended)
          refused.push(...sent.refused)
        } else for (const letter of sent.refused) await sendLetter(writer, send.topic, letter)
      }
      await this.#keepRefused(page, refused)
      await Promise.all([
        seen.write(stream, { epoch, seq }, withPlaces(stream, page.seen, { sends: acknowledged, incarnation: topic.incarnation, deflate }), page.seenTtlSeconds),
        this.#keep(page, content, refused),
      ])
      if (page.marks) await letters?.mark(stream, marksOf(page.marks, refused))
    })
    await this.#move(correctedMove(page.move, refused), Object.fromEntries(offsets), true)
    pageFinished({ stream: stream.name, seq, sends: page.sends.length })
    return refused.length === 0
  }

  /** The page with the very events that it has put on the topic, for as long as they may have to be put there again. */
  async #keep(page: Page, content: Buffer, refused: readonly WireRecord[]): Promise<void> {
    const { stream, hold, kept, keptSeconds = 0, packing } = this.#options
    const { seq, totals: { published }, highest } = hold.state
    const events = publishedBy(stream, page) - refused.length
    if (!kept || keptSeconds === 0 || events === 0) return
    const taken = refused.length === 0 ? content : await encodePage(withoutRefused(page, refused), packing)
    await kept.write(stream, { seq, content: taken, events, published, highest }, keptSeconds)
  }

  /** An event that the topic refuses is a dead letter; one that a redrive has made of a letter has that letter already. */
  async #keepRefused({ marks = [] }: Page, refused: readonly WireRecord[]): Promise<void> {
    const { stream, writer } = this.#options
    const ofLetters = new Set(marks.map(({ eventId }) => eventId))
    for (const record of refused) if (!ofLetters.has(record.headers?.['ce_id'] ?? '')) await sendLetter(writer, deadLetterTopic(stream), refusedLetter(stream, record))
    if (refused.length > 0) eventsRefused({ stream: stream.name, count: refused.length, topic: eventTopic(stream) })
  }

  async #move(move: Page['move'], publishedOffsets: StreamMove['publishedOffsets'], hasPage: boolean): Promise<void> {
    const { stream, hold, streams } = this.#options
    const { state } = hold
    const { epoch, seq } = state
    if (!(await streams.move(stream, { epoch, seq, hasPage }, { ...move, publishedOffsets, leaseUntil: hold.leaseUntil() }))) throw takenOver(stream)
    const { cursor, watermark, highest, totals } = move
    hold.moved({ ...state, seq: seq + 1, pending: null, watermark, highest, publishedOffsets, totals, progress: progressOf(stream, cursor) })
  }

  async #exactly<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      this.#options.hold.forget()
      throw error
    }
  }
}

const removedAtOnce = 100

const publishedBy = (stream: StreamDeclaration, { sends }: Page): number => sends.reduce((sum, { topic, messages }) => (topic === eventTopic(stream) ? sum + messages.length : sum), 0)

const withoutRefused = (page: Page, refused: readonly WireRecord[]): Page => ({ ...page, sends: page.sends.map((send) => ({ ...send, messages: send.messages.filter((record) => !refused.includes(record)) })) })
