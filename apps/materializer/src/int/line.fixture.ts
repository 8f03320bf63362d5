import { randomBytes } from 'node:crypto'
import { CassandraSession, cassandraSettings, controlTables, GenerationStore, keyspaceDdl, LetterStore, ProgressStore, tableDdl, WindowReader, type ReadWindow } from '@millrace/cassandra'
import { encodeMarker, encodeWindow, kafkaSettings, TopicAdmin, topicSpecs, TopicWriter, type WindowRecord, type WireRecord } from '@millrace/kafka'
import { readSettings } from '@millrace/service'
import { windowTopic, type StreamDeclaration } from '@millrace/stream-kit'
import { trains } from './trains.fixture.ts'

const letters = (bytes: number) => randomBytes(bytes).toString('hex').replaceAll(/\d/g, (digit) => 'ghijklmnop'[Number(digit)] ?? '')

export const minute = 60_000
export const from = Date.parse('2018-02-01T00:00:00Z')

/** Topics, a keyspace and a consumer group that no other test uses, on the engines of the settings. */
export class Line {
  readonly generations: GenerationStore
  readonly progress: ProgressStore
  readonly letters: LetterStore
  readonly #reader: WindowReader

  private constructor(readonly stream: StreamDeclaration, readonly env: Readonly<Record<string, string>>, readonly session: CassandraSession, readonly writer: TopicWriter, readonly topics: TopicAdmin) {
    const [view] = stream.views
    if (!view) throw new Error('The stream has no view.')
    this.generations = new GenerationStore(session)
    this.progress = new ProgressStore(session)
    this.letters = new LetterStore(session)
    this.#reader = new WindowReader(session, stream, view)
  }

  static async open(): Promise<Line> {
    const stream = trains(`trains-${letters(4)}`)
    const settings = { ...readSettings(cassandraSettings('admin')), keyspace: `line_${letters(6)}` }
    const maker = await CassandraSession.open(settings, { isImpatient: true, usesKeyspace: false })
    await maker.define(keyspaceDdl(settings))
    await maker.close()
    const session = await CassandraSession.open(settings, { isImpatient: true })
    for (const { cql } of [...controlTables, ...stream.views.flatMap((view) => tableDdl(stream, view))]) await session.define(cql)
    const topics = new TopicAdmin(readSettings(kafkaSettings))
    await topics.apply(topicSpecs(stream))
    const env = {
      MILLRACE_CASSANDRA_KEYSPACE: settings.keyspace,
      MILLRACE_CASSANDRA_WRITER_USER: settings.user,
      MILLRACE_CASSANDRA_WRITER_PASSWORD_FILE: process.env[cassandraSettings('admin').password.env] ?? cassandraSettings('admin').password.default,
      MILLRACE_MATERIALIZER_GROUP: `line-${letters(6)}`,
    }
    return new Line(stream, env, session, await TopicWriter.open(readSettings(kafkaSettings)), topics)
  }

  async close(): Promise<void> {
    await this.writer.close()
    await this.topics.remove(topicSpecs(this.stream).map(({ topic }) => topic))
    await this.topics.close()
    await this.session.define(`DROP KEYSPACE ${this.session.settings.keyspace}`)
    await this.session.close()
  }

  /** Appends to the windows topic; a marker goes to every partition, as the bridge sends it. */
  async send(...records: readonly WireRecord[]): Promise<void> {
    for (let first = 0; first < records.length; first += 1_000) await this.writer.send({ topic: windowTopic(this.stream), messages: records.slice(first, first + 1_000) })
  }

  window(line: string, index: number, { events = 1, generation = 1, worst = events }: { events?: number; generation?: number; worst?: number } = {}): WireRecord {
    const start = from + index * minute
    return encodeWindow({ view: 'per-minute', group: [line], start, end: start + minute, events, generation, measures: { worst } } satisfies WindowRecord)
  }

  marker(watermark: number, offsets: Record<string, string>, { generation = 1, partitions = [0, 1] }: { generation?: number; partitions?: number[] } = {}): WireRecord[] {
    const marker = encodeMarker({ kind: 'progress', stream: this.stream.name, version: 1, generation, watermark, offsets })
    return partitions.map((partition) => ({ ...marker, partition }))
  }

  /** All rows of the first day by time, of one generation. */
  async byTime(generation = 1): Promise<ReadWindow[]> {
    const all: ReadWindow[] = []
    for (let after: Awaited<ReturnType<WindowReader['byTime']>>['next'] = null; ;) {
      const page = await this.#reader.byTime({ from, to: from + 1_440 * minute, limit: 1_000, served: [{ generation, floor: null }], after })
      all.push(...page.windows)
      if (!page.next) return all
      after = page.next
    }
  }

  async byGroup(line: string, generation = 1): Promise<readonly ReadWindow[]> {
    return (await this.#reader.byGroup([line], { from, to: from + 1_440 * minute, limit: 2_000, served: [{ generation, floor: null }] })).windows
  }
}
