import kafkajs, { type Admin, type Kafka } from 'kafkajs'
import { clientRetry, clientTimes, kafkaClient } from './client.ts'
import type { KafkaAddress } from './kafka.config.ts'
import { KafkaError, topicMissing, topicRefused, unreachable } from './kafka.errors.ts'
import { planTopics, type TopicChange, type TopicDescription } from './plan-topics.ts'
import { readTopicRange } from './read-topic-range.ts'
import type { TopicSpec } from './topic-specs.ts'
import type { ReadRecord } from './wire-record.ts'

export interface TopicAdminOptions extends KafkaAddress {
  readonly replicationFactor?: number
}

/** Next or first offset of each partition. */
export type PartitionOffsets = Readonly<Record<number, bigint>>

/** Looks at topics and makes them what they must be. Connects with the first call and again after a failure. */
export class TopicAdmin {
  readonly #options: TopicAdminOptions
  readonly #client: Kafka
  #admin: Promise<Admin> | null = null

  constructor(options: TopicAdminOptions) {
    this.#options = options
    this.#client = kafkaClient(options, 'millrace-admin')
  }

  /** Those of the topics that exist. */
  async describe(topics: readonly string[]): Promise<TopicDescription[]> {
    return await this.#use('describing topics', async (admin) => {
      const existing = new Set(await admin.listTopics())
      const names = topics.filter((topic) => existing.has(topic))
      if (names.length === 0) return []
      const [{ topics: found }, { resources }] = await Promise.all([
        admin.fetchTopicMetadata({ topics: names }),
        admin.describeConfigs({ includeSynonyms: false, resources: names.map((name) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name })) }),
      ])
      return found.map(({ name, partitions }) => {
        const entries = resources.find(({ resourceName }) => resourceName === name)?.configEntries ?? []
        return {
          topic: name,
          partitions: partitions.length,
          config: Object.fromEntries(entries.map(({ configName, configValue }) => [configName, configValue])),
          ownConfig: Object.fromEntries(entries.filter(({ configSource }) => configSource === kafkajs.ConfigSource.TOPIC_CONFIG).map(({ configName, configValue }) => [configName, configValue])),
        }
      })
    })
  }

  /** What `apply` would do. */
  async plan(specs: readonly TopicSpec[]): Promise<TopicChange[]> {
    return planTopics(specs, await this.describe(specs.map(({ topic }) => topic)))
  }

  /**
   * Makes the topics what they must be and returns what has changed; nothing to do is no change.
   * Throws KafkaError `kafka_topic_refused`, before anything is changed, where a topic has another number of partitions.
   */
  async apply(specs: readonly TopicSpec[]): Promise<TopicChange[]> {
    const changes = await this.plan(specs)
    for (const change of changes) if (change.kind === 'refused') throw topicRefused(change.topic, change.found, change.declared)
    const created = changes.filter((change) => change.kind === 'create')
    const configured = changes.filter((change) => change.kind === 'configure')
    await this.#use('applying topics', async (admin) => {
      if (created.length > 0)
        await admin.createTopics({
          waitForLeaders: true,
          timeout: clientTimes.acknowledgeMs,
          topics: created.map(({ topic, partitions, config }) => ({ topic, numPartitions: partitions, replicationFactor: this.#options.replicationFactor ?? 1, configEntries: entriesOf(config) })),
        })
      if (configured.length > 0)
        await admin.alterConfigs({
          validateOnly: false,
          resources: configured.map(({ topic, config }) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configEntries: entriesOf(config) })),
        })
    })
    return changes
  }

  async remove(topics: readonly string[]): Promise<void> {
    await this.#use('removing topics', (admin) => admin.deleteTopics({ topics: [...topics], timeout: clientTimes.acknowledgeMs }))
  }

  /** The offset that the next record of each partition gets. */
  async endOffsets(topic: string): Promise<PartitionOffsets> {
    return await this.#offsets(topic, ({ high }) => high)
  }

  /** The first offset of each partition that retention has left. */
  async beginningOffsets(topic: string): Promise<PartitionOffsets> {
    return await this.#offsets(topic, ({ low }) => low)
  }

  /**
   * The records from offset `from` up to, not including, `to`. Holds them all in memory: meant for the offsets of one batch.
   * Throws KafkaError `kafka_range_gone` where they are not all there.
   */
  async readRange(topic: string, partition: number, from: bigint, to: bigint): Promise<ReadRecord[]> {
    const [begin, end] = [await this.beginningOffsets(topic), await this.endOffsets(topic)]
    const group = await readTopicRange(this.#client, { topic, partition, from, to, begin: begin[partition] ?? 0n, end: end[partition] ?? 0n })
    if (group.groupId !== null) await this.#use('leaving a reading group', (admin) => admin.deleteGroups([String(group.groupId)]))
    return group.records
  }

  /** Removes the records before these offsets, by partition; the offsets of those that follow stay. */
  async removeBefore(topic: string, offsets: PartitionOffsets): Promise<void> {
    const begins = await this.beginningOffsets(topic)
    const partitions = Object.entries(offsets).map(([partition, offset]) => ({ partition: Number(partition), offset: offset.toString() })).filter(({ partition, offset }) => BigInt(offset) > (begins[partition] ?? 0n))
    if (partitions.length > 0) await this.#use(`removing records of ${topic}`, (admin) => admin.deleteTopicRecords({ topic, partitions }), topic)
  }

  /** Throws KafkaError when no broker answers. */
  async health(): Promise<void> {
    await this.#use('asking for the cluster', (admin) => admin.describeCluster())
  }

  async close(): Promise<void> {
    const admin = this.#admin
    this.#admin = null
    if (admin) await (await admin).disconnect()
  }

  async #offsets(topic: string, pick: (offsets: { high: string; low: string }) => string): Promise<PartitionOffsets> {
    const partitions = await this.#use(`reading offsets of ${topic}`, (admin) => admin.fetchTopicOffsets(topic), topic)
    return Object.fromEntries(partitions.map((offsets) => [offsets.partition, BigInt(pick(offsets))]))
  }

  async #use<T>(action: string, work: (admin: Admin) => Promise<T>, topic?: string): Promise<T> {
    try {
      this.#admin ??= this.#connect()
      return await work(await this.#admin)
    } catch (error) {
      if (error instanceof KafkaError) throw error
      if (topic !== undefined && /does not host this topic|UNKNOWN_TOPIC/.test(String(error))) throw topicMissing(topic, error)
      const admin = this.#admin
      this.#admin = null
      if (admin) await admin.then((old) => old.disconnect()).catch(() => undefined)
      throw unreachable(action, this.#options.brokers, error)
    }
  }

  async #connect(): Promise<Admin> {
    const admin = this.#client.admin({ retry: clientRetry })
    await admin.connect()
    return admin
  }
}

const entriesOf = (config: Readonly<Record<string, string>>) => Object.entries(config).map(([name, value]) => ({ name, value }))
