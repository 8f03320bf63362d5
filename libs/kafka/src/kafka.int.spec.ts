import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { readSettings, waitUntil } from '@millrace/service'
import { BatchReader } from './batch-reader.ts'
import type { Batch } from './batch-source.ts'
import { kafkaSettings } from './kafka.config.ts'
import { partitionOf } from './murmur2.ts'
import { TopicAdmin } from './topic-admin.ts'
import { topicSpecs } from './topic-specs.ts'
import { TopicWriter } from './topic-writer.ts'

const address = readSettings(kafkaSettings)
const name = `kafka-int-${randomUUID().slice(0, 8)}`
const specs = topicSpecs({ name, version: 1, partitions: 2, retentionMs: 3_600_000 })
const [events, windows, late] = specs.map(({ topic }) => topic) as [string, string, string, string]
const record = (key: string, value = key) => ({ key: Buffer.from(key), value: Buffer.from(value), headers: { run: 'r' } })
const texts = (batches: readonly Batch[]) => batches.flatMap(({ records }) => records.map(({ value }) => value?.toString()))

const admin = new TopicAdmin(address)
let writer: TopicWriter

beforeAll(async () => {
  await admin.apply(specs)
  writer = await TopicWriter.open(address)
})

afterAll(async () => {
  await writer.close()
  await admin.remove(specs.map(({ topic }) => topic))
  await admin.close()
})

describe('TopicAdmin', () => {
  it('has made the topics as declared and finds nothing more to do', async () => {
    const described = await admin.describe([...specs.map(({ topic }) => topic), 'not-there'])
    expect(described.map(({ topic, partitions }) => [topic, partitions]).sort()).toEqual(specs.map(({ topic, partitions }) => [topic, partitions]).sort())
    expect(described.find(({ topic }) => topic === events)?.config).toMatchObject(specs[0]?.config ?? {})
    expect(await admin.plan(specs)).toEqual([])
  })

  it('changes a setting and keeps those that somebody else has set', async () => {
    const [spec] = topicSpecs({ name, version: 1, partitions: 2, retentionMs: 7_200_000 })
    if (!spec) throw new Error('no spec')
    await admin.apply([{ ...spec, config: { ...spec.config, 'max.message.bytes': '1000000' } }])
    expect((await admin.apply([spec])).length).toBe(0)
    const [described] = await admin.describe([events])
    expect(described?.config).toMatchObject({ 'retention.ms': '7200000', 'max.message.bytes': '1000000' })
  })

  it('refuses another number of partitions and changes nothing', async () => {
    await expect(admin.apply(topicSpecs({ name, version: 1, partitions: 5, retentionMs: 1_000 }))).rejects.toMatchObject({ code: 'kafka_topic_refused' })
    expect((await admin.describe([events]))[0]?.partitions).toBe(2)
  })

  it('says which topic is missing', async () => {
    await expect(admin.endOffsets('not-there')).rejects.toMatchObject({ code: 'kafka_topic_missing', retry: 'later' })
  })

  it('says that no broker answers', async () => {
    const nobody = new TopicAdmin({ brokers: ['127.0.0.1:1'] })
    await expect(nobody.describe([events])).rejects.toMatchObject({ code: 'kafka_unreachable', retry: 'later' })
  })
})

describe('TopicWriter', () => {
  it('says where every record has gone, and the partition is that of the key', async () => {
    const before = await admin.endOffsets(events)
    const messages = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((key) => record(key))
    const appended = await writer.send({ topic: events, messages })
    const expected = [0, 1].map((partition) => ({ partition, baseOffset: before[partition], count: messages.filter(({ key }) => partitionOf(key, 2) === partition).length }))
    expect([...appended].sort((a, b) => a.partition - b.partition)).toEqual(expected)
    const after = await admin.endOffsets(events)
    for (const { partition, baseOffset, count } of appended) expect(after[partition]).toBe(baseOffset + BigInt(count))
  })

  it('obeys a partition that is given', async () => {
    expect(await writer.send({ topic: events, messages: [{ ...record('a'), partition: 1 }, { ...record('b'), partition: 1 }] })).toMatchObject([{ partition: 1, count: 2 }])
  })

  it('says that a topic is missing, and works again after it', async () => {
    await expect(writer.send({ topic: 'not-there', messages: [record('a')] })).rejects.toMatchObject({ code: 'kafka_topic_missing', retry: 'later' })
    expect(await writer.send({ topic: late, messages: [record('a')] })).toMatchObject([{ partition: 0, count: 1 }])
  })

  it('never asks to send again what the broker refuses', async () => {
    const large = { key: Buffer.from('k'), value: Buffer.alloc(2_000_000) }
    await expect(writer.send({ topic: late, messages: [large] })).rejects.toMatchObject({ code: 'kafka_record_refused', retry: 'never' })
  })

  it('keeps the order of sends that are asked for at once', async () => {
    const sends = await Promise.all([0, 1, 2, 3].map((n) => writer.send({ topic: late, messages: [record('k', String(n))] })))
    const bases = sends.map(([appended]) => appended?.baseOffset ?? -1n)
    expect(bases).toEqual([...bases].sort((a, b) => Number(a - b)))
  })
})

describe('a topic that is emptied, and one that is made again', () => {
  const send = () => writer.send({ topic: windows, messages: ['a', 'b', 'c'].map((key) => ({ ...record(key), partition: 1 })) })

  it('begins where it ended; what comes then has the offsets that follow', async () => {
    await send()
    await admin.removeBefore(windows, await admin.endOffsets(windows))
    expect([await admin.beginningOffsets(windows), await admin.endOffsets(windows)]).toEqual([{ 0: 0n, 1: 3n }, { 0: 0n, 1: 3n }])
    await admin.removeBefore(windows, { 0: 0n, 1: 2n })
    expect(await send()).toEqual([{ partition: 1, baseOffset: 3n, count: 3 }])
    await admin.removeBefore(windows, { 1: 4n })
    expect([await admin.beginningOffsets(windows), await admin.endOffsets(windows)]).toEqual([{ 0: 0n, 1: 4n }, { 0: 0n, 1: 6n }])
  })

  it('begins at 0 after it was deleted and created, for a writer that knew the old one', async () => {
    await admin.remove([windows])
    await waitUntil(async () => (await admin.apply(specs)).length > 0, { deadlineMs: 20_000 })
    const [appended] = await waitUntil(() => send().catch(() => false as const), { deadlineMs: 20_000 })
    expect(appended).toEqual({ partition: 1, baseOffset: 0n, count: 3 })
    expect(await admin.endOffsets(windows)).toEqual({ 0: 0n, 1: 3n })
  })
})

describe('readRange', () => {
  it('gives exactly the records asked for', async () => {
    const [appended] = await writer.send({ topic: late, messages: ['x', 'y', 'z'].map((key) => record(key)) })
    const base = appended?.baseOffset ?? 0n
    const records = await admin.readRange(late, 0, base, base + 2n)
    expect(records.map(({ offset, value, headers }) => [offset, value?.toString(), headers])).toEqual([[base, 'x', { run: 'r' }], [base + 1n, 'y', { run: 'r' }]])
  })

  it('says what is there when more is asked for', async () => {
    await expect(admin.readRange(late, 0, 0n, 10_000n)).rejects.toMatchObject({ code: 'kafka_range_gone' })
  })
})

describe('BatchReader', () => {
  it('delivers everything from the beginning, and after a restart only what is new', async () => {
    const topic = events
    const total = Object.values(await admin.endOffsets(topic)).reduce((sum, end) => sum + end, 0n)
    const first = reader()
    await waitUntil(() => BigInt(texts(first.batches).length) >= total, { deadlineMs: 20_000 })
    await first.close()
    await writer.send({ topic, messages: [record('new')] })
    const second = reader()
    await waitUntil(() => second.batches.length > 0, { deadlineMs: 20_000 })
    await second.close()
    expect(texts(second.batches)).toEqual(['new'])
  })

  it('delivers a batch again that failed, and later ones after it', async () => {
    const failing = reader({ fails: 2, group: `${name}-failing`, topic: late })
    await waitUntil(() => failing.batches.length >= 3, { deadlineMs: 30_000 })
    await writer.send({ topic: late, messages: [record('k', 'after')] })
    await waitUntil(() => texts(failing.batches).includes('after'), { deadlineMs: 30_000 })
    await failing.close()
    const firsts = failing.batches.map(({ records }) => records[0]?.offset)
    expect(firsts.slice(0, 3)).toEqual([0n, 0n, 0n])
    expect(firsts.slice(3)).not.toContain(0n)
  })

  it('delivers records that come one by one', async () => {
    const soon = reader({ group: `${name}-soon`, topic: late })
    await waitUntil(() => soon.batches.length > 0, { deadlineMs: 20_000 })
    for (let i = 0; i < 20; i += 1) {
      const value = `soon-${i}`
      await writer.send({ topic: late, messages: [record('k', value)] })
      await waitUntil(() => texts(soon.batches).includes(value), { deadlineMs: 5_000, everyMs: 2 })
    }
    await soon.close()
    expect(texts(soon.batches).filter((value) => value?.startsWith('soon-'))).toHaveLength(20)
  })

  function reader({ fails = 0, group = `${name}-reader`, topic = events }: { fails?: number; group?: string; topic?: string } = {}) {
    const batches: Batch[] = []
    let failures = fails
    const source = new BatchReader({ ...address, groupId: group })
    const running = source.run([topic], async (batch) => {
      batches.push(batch)
      await batch.heartbeat()
      if (failures > 0) {
        failures -= 1
        throw new Error('the store is down')
      }
    })
    return { batches, close: async () => { await source.close(); await running } }
  }
})
