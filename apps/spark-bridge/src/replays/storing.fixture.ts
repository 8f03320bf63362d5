import { ProgressStore, WindowWriter, type CassandraSession } from '@millrace/cassandra'
import { decodeWindowTopicRecord, type TopicAdmin } from '@millrace/kafka'
import { windowTopic, type StreamDeclaration } from '@millrace/stream-kit'

/** Stores what comes on a windows topic as the materializer does: the rows of a partition first, then its markers. */
export class Storing {
  readonly #read = new Map<number, bigint>()
  readonly #writer: WindowWriter
  readonly #progress: ProgressStore
  #isOpen = false
  #running: Promise<void> = Promise.resolve()

  constructor(private readonly stream: StreamDeclaration, private readonly admin: TopicAdmin, session: CassandraSession) {
    this.#writer = new WindowWriter(session, stream)
    this.#progress = new ProgressStore(session)
  }

  open(): void {
    this.#isOpen = true
    this.#running = this.#loop()
  }

  async close(): Promise<void> {
    this.#isOpen = false
    await this.#running
  }

  async once(): Promise<void> {
    const topic = windowTopic(this.stream)
    for (const [key, end] of Object.entries(await this.admin.endOffsets(topic))) {
      const partition = Number(key)
      const records = await this.admin.readRange(topic, partition, this.#read.get(partition) ?? 0n, end)
      const contents = records.map(({ value }) => decodeWindowTopicRecord(value))
      await this.#writer.write(contents.flatMap((content) => (content.kind === 'window' ? [this.#writer.rowOf(content.window)] : [])))
      for (const content of contents) {
        if (content.kind !== 'marker') continue
        const { generation, watermark, offsets } = content.marker
        await this.#progress.write(this.stream, { generation, partition, finalUntil: watermark, offsets: Object.fromEntries(Object.entries(offsets).map(([source, offset]) => [source, Number(offset)])) })
      }
      this.#read.set(partition, end)
    }
  }

  async #loop(): Promise<void> {
    while (this.#isOpen) {
      await this.once()
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}
