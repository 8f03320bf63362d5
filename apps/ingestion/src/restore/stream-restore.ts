import type { KeptPageStore, PageStore, RestoreReport, StreamStore, TopicState } from '@millrace/cassandra'
import type { PartitionOffsets, TopicAdmin, TopicWriter } from '@millrace/kafka'
import { eventTopic, type StreamDeclaration } from '@millrace/stream-kit'
import { IngestionError } from '../ingestion.errors.ts'
import { topicRestored } from '../ingestion.signals.ts'
import { pageInHand } from '../pipeline/page-in-hand.ts'
import { sendWhole } from '../pipeline/send-whole.ts'
import { takenOver, type StreamHold } from '../pipeline/stream-hold.ts'
import { TopicWatch } from '../pipeline/topic-watch.ts'
import { decodePage, gzipped, type Packing } from '../rules/page-content.ts'
import { keptTail } from './kept-tail.ts'

export interface RestoreOptions {
  readonly stream: StreamDeclaration
  readonly hold: StreamHold
  readonly streams: StreamStore
  readonly pages: Pick<PageStore, 'read'>
  readonly kept: Pick<KeptPageStore, 'list' | 'read'>
  readonly topics: Pick<TopicAdmin, 'endOffsets' | 'removeBefore' | 'readRange'>
  readonly writer: Pick<TopicWriter, 'send'>
  readonly packing?: Packing
}

/** By partition: the offset that the next event gets. */
type Next = Map<number, bigint>

/**
 * Puts the events of a topic that was made anew back on it: what it has is removed, the pages that are kept are sent once
 * more, oldest first, the same bytes under the same ids, and then one transaction says where they lie. Cursor, watermark,
 * books and the page in hand stay as they are.
 *
 * Stopped anywhere it begins again, with an empty log: a query must not see newer events before older ones, which it would
 * then take for late. For the same reason events that somebody else has put between them make it begin again.
 */
export class StreamRestore {
  readonly #options: Required<RestoreOptions>
  readonly #watch: TopicWatch

  constructor(options: RestoreOptions) {
    this.#options = { packing: gzipped, ...options }
    this.#watch = new TopicWatch(options)
  }

  /** The report when it is done, null when it was told to stop. The state of the stream has to be read anew in any case. */
  async run(run: string, goesOn: () => Promise<boolean>): Promise<RestoreReport | null> {
    const { stream, hold, streams, kept } = this.#options
    if (hold.state.topic.restored?.run === run) return reportOf(hold.state.topic)
    await this.#begin()
    const { epoch, seq, topic } = hold.state
    const begins = await this.#empty()
    const { pages, ...tail } = keptTail(await kept.list(stream, seq), hold.state)
    let next: Next = new Map(Object.entries(begins).map(([partition, offset]) => [Number(partition), offset]))
    for (const page of pages) {
      if (!(await goesOn())) return null
      next = await this.#send(page, next)
    }
    const restored = { run, pages: pages.length, events: tail.events, missing: tail.missing }
    const now = { topic: { incarnation: topic.incarnation + 1, isReplaced: false, isEmptied: false, begins: numbers(begins), floor: tail.floor, restored }, publishedOffsets: Object.fromEntries([...next].map(([partition, offset]) => [partition, String(offset)])) }
    if (!(await streams.setTopic(stream, { epoch, seq }, now))) throw takenOver(stream)
    topicRestored({ ...restored, stream: stream.name, topic: eventTopic(stream), lost: 0 })
    return reportOf(now.topic)
  }

  /** Nothing may be removed from a topic that is whole; and once something is, it must be known as one that is not. */
  async #begin(): Promise<void> {
    const { stream, hold, streams } = this.#options
    const { epoch, seq, topic, publishedOffsets } = hold.state
    if (topic.isEmptied) return
    const inHand = await pageInHand(stream, hold.state, this.#options)
    const detail = await this.#watch.look(inHand?.page)
    if (detail === null) throw new IngestionError('topic_whole', `topic ${eventTopic(stream)} has everything up to what was published to it: there is nothing to restore.`, { fields: { stream: stream.name } })
    await streams.setTopic(stream, { epoch, seq }, { topic: { ...topic, isReplaced: true, isEmptied: true }, publishedOffsets })
    hold.forget()
    if (!(await hold.take()).topic.isEmptied) throw beginAgain(stream, 'its beginning could not be written down')
  }

  /**
   * Removes everything that is on the topic, and answers where it begins now. That the lease holds is made sure of between
   * looking and removing: what a later holder sends lies behind what was seen here, however late the removal comes.
   */
  async #empty(): Promise<PartitionOffsets> {
    const { stream, hold, topics } = this.#options
    const ends = await topics.endOffsets(eventTopic(stream))
    await hold.confirm()
    await topics.removeBefore(eventTopic(stream), ends)
    return ends
  }

  async #send({ seq, events }: { readonly seq: number; readonly events: number }, before: Next): Promise<Next> {
    const { stream, hold, kept, writer, packing } = this.#options
    const content = await kept.read(stream, seq)
    if (!content) throw beginAgain(stream, `page ${seq} was kept until just now`)
    const { sends } = await decodePage(content, packing)
    const next: Next = new Map(before)
    let sent = 0
    await hold.during(async (signal) => {
      for (const send of sends.filter(({ topic }) => topic === eventTopic(stream))) {
        signal.throwIfAborted()
        const { appended } = await sendWhole(writer, send)
        for (const { partition, baseOffset, count } of appended) {
          if (baseOffset !== (next.get(partition) ?? 0n)) throw beginAgain(stream, `an event was put at ${baseOffset} of partition ${partition}, expected was ${next.get(partition) ?? 0n}`)
          next.set(partition, baseOffset + BigInt(count))
          sent += count
        }
      }
    })
    if (sent !== events) throw new IngestionError('restore_refused', `topic ${eventTopic(stream)} has taken ${sent} of the ${events} events of page ${seq}, all of which it took before. Make it what is declared (provision apply), then ask again.`, { fields: { stream: stream.name, seq } })
    return next
  }
}

const reportOf = ({ restored, floor }: TopicState): RestoreReport => ({ pages: restored?.pages ?? 0, events: restored?.events ?? 0, missing: restored?.missing ?? 0, floor })

const beginAgain = ({ name }: StreamDeclaration, detail: string): IngestionError =>
  new IngestionError('restore_interrupted', `restoring the topic of ${name}: ${detail}. It begins again.`, { fields: { stream: name } })

const numbers = (offsets: PartitionOffsets): Record<string, number> => Object.fromEntries(Object.entries(offsets).map(([partition, offset]) => [partition, Number(offset)]))
