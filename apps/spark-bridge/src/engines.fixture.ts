import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { decodeWindowTopicRecord, kafkaSettings, TopicAdmin, topicSpecs, TopicWriter, type WindowRecord } from '@millrace/kafka'
import { readSettings } from '@millrace/service'
import { planHash, planRelation, queryName, SparkSession, sparkSettings, windowPlan, windowQuerySettings, type StreamingQuery } from '@millrace/spark-connect'
import { eventTopic, windowTopic, type StreamDeclaration } from '@millrace/stream-kit'

/** Real Kafka and Spark for one suite, with names that nobody else uses; `close` takes all of it away again. */
export class Engines {
  readonly unique = `spec-${randomUUID().slice(0, 8)}`
  readonly spark
  readonly kafka
  readonly session: SparkSession
  readonly admin: TopicAdmin
  readonly #writer: TopicWriter
  readonly #topics = new Set<string>()

  constructor() {
    this.spark = readSettings(sparkSettings)
    this.kafka = readSettings(kafkaSettings)
    this.session = SparkSession.open(this.spark, { name: this.unique })
    this.admin = new TopicAdmin(this.kafka)
    this.#writer = TopicWriter.lazy(this.kafka)
  }

  get checkpoints(): string {
    return `${resolve(this.spark.checkpoints)}/spec/${this.unique}`
  }

  async makeTopics(stream: StreamDeclaration): Promise<void> {
    const specs = topicSpecs(stream)
    for (const { topic } of specs) this.#topics.add(topic)
    await this.admin.apply(specs)
  }

  /** Puts values on the stream's topic as they are; those of one id are in one partition, in order, as ingestion has them. */
  async publish(stream: StreamDeclaration, values: readonly (string | Buffer)[]): Promise<void> {
    for (let from = 0; from < values.length; from += 1_000)
      await this.#writer.send({ topic: eventTopic(stream), messages: values.slice(from, from + 1_000).map((value) => ({ key: Buffer.from(idIn(value)), value: Buffer.from(value) })) })
  }

  /** The stream's query, straight from its plan. */
  async start(stream: StreamDeclaration, { generation = 1, trigger = '200 milliseconds' }: { generation?: number; trigger?: string } = {}): Promise<StreamingQuery> {
    const plan = windowPlan(stream)
    const brokers = this.spark.kafkaBrokers.join(',')
    await this.session.configure(windowQuerySettings)
    return this.session.start(planRelation(plan, { brokers, generation }), {
      format: 'kafka', options: { 'kafka.bootstrap.servers': brokers, topic: plan.sink }, outputMode: plan.outputMode,
      queryName: queryName(stream, generation, planHash(plan)), checkpoint: `${this.checkpoints}/${stream.name}.g${generation}`, trigger,
    })
  }

  /** Everything on the windows topic: the windows in their order by partition, with their keys, and how many records are markers. */
  async windows(stream: StreamDeclaration): Promise<{ windows: (WindowRecord & { key: string })[]; markers: number }> {
    const topic = windowTopic(stream)
    const ends = await this.admin.endOffsets(topic)
    const windows: (WindowRecord & { key: string })[] = []
    let markers = 0
    for (const [partition, end] of Object.entries(ends))
      for (const { key, value } of await this.admin.readRange(topic, Number(partition), 0n, end)) {
        const record = decodeWindowTopicRecord(value)
        if (record.kind === 'malformed') throw new Error(`On ${topic}: ${record.problem}: ${String(value)}`)
        if (record.kind === 'window') windows.push({ ...record.window, key: String(key) })
        else markers += 1
      }
    return { windows, markers }
  }

  /** The last word on every window. */
  async lastWindows(stream: StreamDeclaration): Promise<Map<string, WindowRecord & { key: string }>> {
    const { windows } = await this.windows(stream)
    return new Map(windows.map((window) => [`${window.generation} ${window.key}`, window]))
  }

  async close(): Promise<void> {
    for (const query of await this.session.activeQueries()) await query.stop()
    this.session.close()
    await rm(this.checkpoints, { recursive: true, force: true })
    await this.#writer.close()
    await this.admin.remove([...this.#topics])
    await this.admin.close()
  }
}

const idIn = (value: string | Buffer): string => /"id":"([^"]*)"/.exec(value.toString())?.[1] ?? value.toString().slice(0, 20)
