import type { StreamStore } from '@millrace/cassandra'
import type { AppendedRecords, TopicAdmin } from '@millrace/kafka'
import { eventTopic, type StreamDeclaration } from '@millrace/stream-kit'
import { IngestionError } from '../ingestion.errors.ts'
import type { Page } from '../rules/page-content.ts'
import type { StreamHold } from './stream-hold.ts'

export interface TopicWatchOptions {
  readonly stream: StreamDeclaration
  readonly hold: StreamHold
  readonly streams: StreamStore
  /** Without it the topic is watched by its acknowledgements alone. */
  readonly topics?: Pick<TopicAdmin, 'endOffsets' | 'readRange'>
}

/**
 * Notices that the stream's topic is not the one any more that its events were published to: deleted and created again, or
 * cut by a broker that has lost its disk. Only ingestion writes to it, so its offsets never fall otherwise.
 *
 * What it finds is written down, and holds the stream until a restore: a page published now would move offsets, cursor and
 * books past events that no query will ever read.
 */
export class TopicWatch {
  readonly #options: TopicWatchOptions
  #life = 0

  constructor(options: TopicWatchOptions) {
    this.#options = options
  }

  /**
   * Before events are sent: throws `topic_replaced`. The topic itself is asked once after each time that the state was read
   * anew: whatever a process that died may have sent to another one is found then.
   */
  async check(page: Pick<Page, 'sends'>): Promise<void> {
    const { stream, hold } = this.#options
    const { state, life } = hold
    if (state.topic.isReplaced) throw topicReplaced(stream, 'it waits for a restore')
    if (this.#life === life) return
    const detail = await this.look(page)
    if (detail !== null) throw await this.found(detail)
    this.#life = life
  }

  /** Asks the topic: what shows that it is another one, or null. */
  async look({ sends }: Pick<Page, 'sends'> = { sends: [] }): Promise<string | null> {
    const { stream, hold, topics } = this.#options
    const published = Object.entries(hold.state.publishedOffsets)
    if (!topics || published.length === 0) return null
    const ends = await topics.endOffsets(eventTopic(stream))
    for (const [partition, offset] of published) {
      const end = ends[Number(partition)] ?? 0n
      if (end < BigInt(offset)) return `partition ${partition} ends at ${end}, published was up to ${offset}`
      if (end > BigInt(offset) && (await this.#isInHand(sends, Number(partition), BigInt(offset) - 1n))) return `partition ${partition} has an event of the page in hand at ${BigInt(offset) - 1n}, published was up to ${offset}`
    }
    return null
  }

  /** Of a topic that is lost: takes that back where it shows no more. What a restore has touched only a restore can mend. */
  async lookAgain(page?: Pick<Page, 'sends'>): Promise<void> {
    const { stream, hold, streams, topics } = this.#options
    const { epoch, seq, topic, publishedOffsets } = hold.state
    const detail = !topics || topic.isEmptied ? 'it waits for a restore' : await this.look(page)
    if (detail !== null) throw topicReplaced(stream, detail)
    await streams.setTopic(stream, { epoch, seq }, { topic: { ...topic, isReplaced: false }, publishedOffsets })
    hold.forget()
  }

  /** Writes down what was found, and answers it as an error. */
  async found(detail: string): Promise<IngestionError> {
    const { stream, hold, streams } = this.#options
    const { epoch, seq, topic, publishedOffsets } = hold.state
    await streams.setTopic(stream, { epoch, seq }, { topic: { ...topic, isReplaced: true }, publishedOffsets })
    hold.forget()
    return topicReplaced(stream, detail)
  }

  /** The offsets with what a send has got. Throws `topic_replaced` where they have fallen. */
  async after(offsets: ReadonlyMap<string, string>, appended: readonly AppendedRecords[]): Promise<Map<string, string>> {
    const moved = new Map(offsets)
    for (const { partition, baseOffset, count } of appended) {
      const published = BigInt(offsets.get(String(partition)) ?? 0)
      if (baseOffset < published) throw await this.found(`partition ${partition} has put an event at ${baseOffset}, published was up to ${published}`)
      moved.set(String(partition), String(baseOffset + BigInt(count)))
    }
    return moved
  }

  /**
   * The page in hand was sent before, by a process that died. Where its events stand in front of what was published before
   * it, they stand on another topic, which has only grown long enough.
   */
  async #isInHand(sends: Page['sends'], partition: number, offset: bigint): Promise<boolean> {
    const { stream, topics } = this.#options
    const topic = eventTopic(stream)
    const ids = new Set(sends.flatMap((send) => (send.topic === topic ? send.messages.map(({ headers }) => headers?.['ce_id']) : [])))
    if (!topics || offset < 0n || offset >= mostOfAPage || ids.size === 0) return false
    const [record] = await topics.readRange(topic, partition, offset, offset + 1n).catch((error: unknown) => {
      // Older than the retention, so it is no topic that has just been made.
      if (error instanceof Error && 'code' in error && error.code === 'kafka_range_gone') return []
      throw error
    })
    return record !== undefined && ids.has(record.headers['ce_id'])
  }
}

/** A page has a thousand events, and a send is repeated a few times: so many fill no longer log before it is looked at. */
const mostOfAPage = 10_000n

export const topicReplaced = (stream: StreamDeclaration, detail: string): IngestionError =>
  new IngestionError('topic_replaced', `topic ${eventTopic(stream)} was deleted and created again, or has lost its end (${detail}). Nothing is published until what is kept of its events is restored: POST /v1/streams/${stream.name}/restore.`, { fields: { stream: stream.name, topic: eventTopic(stream) } })
