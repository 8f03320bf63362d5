import { randomUUID } from 'node:crypto'
import { CassandraDeadLetterStore, LetterStore, noCounts, type DeadLetterStore, type RunRedrive } from '@millrace/cassandra'
import { decodeLetter, kafkaSettings, TopicAdmin, topicSpecs, TopicWriter, type ReadRecord } from '@millrace/kafka'
import { readSettings } from '@millrace/service'
import { deadLetterTopic, eventTopic, lateTopic, type StreamDeclaration } from '@millrace/stream-kit'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { StreamWorkers } from '../pipeline/stream-workers.ts'
import { Crash, CrashPlan } from '../testing/crash.ts'
import { ownKeyspace, type OwnKeyspace } from '../testing/own-keyspace.ts'
import { birds, SightingReader, sightings } from '../testing/sightings.ts'

const address = readSettings(kafkaSettings)
const admin = new TopicAdmin(address)
const startMs = Date.now() - 3_600_000
const stream: StreamDeclaration = { ...sightings({ pageSize: 500 }), name: `redrive-int-${randomUUID().slice(0, 8)}` }
const topics = topicSpecs(stream)
let keyspace: OwnKeyspace
let letters: DeadLetterStore

beforeAll(async () => {
  keyspace = await ownKeyspace()
  letters = new CassandraDeadLetterStore(keyspace.session)
  await admin.apply(topics)
})
afterAll(async () => {
  await admin.remove(topics.map(({ topic }) => topic))
  await admin.close()
  await keyspace.drop()
})

async function enter(redrive?: RunRedrive): Promise<string> {
  const id = randomUUID()
  await keyspace.stores.runs.create({ id, stream: stream.name, version: 1, range: null, ...(redrive && { redrive }), state: 'queued', counts: noCounts, offsets: {}, error: null, createdAt: Date.now() })
  return id
}

/** A process that works until the runs have ended, or dies by the plan. Answers whether it died. */
async function work(reader: SightingReader, plan = new CrashPlan()): Promise<boolean> {
  const kafka = await TopicWriter.open(address, 'redrive-spec')
  const { streams, pages, seen, runs } = keyspace.stores
  const workers = new StreamWorkers({
    catalogue: { streams: [stream], find: () => stream }, streams: plan.on('streams', streams), pages: plan.on('pages', pages), seen: plan.on('seen', seen), runs: plan.on('runs', runs), letters: plan.on('letters', letters), reader,
    writerFor: () => plan.on<Pick<TopicWriter, 'send' | 'close'>>('topics', kafka), settings: { instance: 'one', lease: 2_000, outage: 60_000, seenIds: 10_000 },
  })
  const worker = workers.get(stream)
  try {
    while ((await runs.open(stream)).length > 0) await worker?.turn()
    return false
  } catch (error) {
    if (error instanceof Crash) return true
    throw error
  } finally {
    await kafka.close()
  }
}

async function read(topic: string): Promise<ReadRecord[]> {
  const records: ReadRecord[] = []
  for (const [partition, end] of Object.entries(await admin.endOffsets(topic))) records.push(...(await admin.readRange(topic, Number(partition), 0n, end)))
  return records
}

describe('a redrive on the real engines', () => {
  it('that is killed while it publishes and while it marks counts every letter exactly once', async () => {
    const reader = new SightingReader()
    const broken = birds(100, { startMs: startMs + 200_000, from: 301, id: 'x' }).map((bird) => ({ ...bird, count: 'many' }))
    reader.records = [...birds(300, { startMs }), ...broken, { seq: 401, id: 'last', bird: 'owl', seenAt: startMs + 299_999 }]
    await enter()
    await work(reader)
    const dead = await read(deadLetterTopic(stream))
    // As the materializer does.
    await new LetterStore(keyspace.session).writeDead(stream, dead.map((record) => {
      const { key, value, reason, detail, origin, run, eventTime = null } = decodeLetter(record)
      return { topic: deadLetterTopic(stream), partition: 0, offset: Number(record.offset), key, value, reason, detail, origin: JSON.stringify(origin), run, eventTime, receivedAt: record.timestamp }
    }))
    expect(dead).toHaveLength(100)
    const before = await keyspace.stores.streams.read(stream)
    const asked: RunRedrive = { isDryRun: true, letters: null, reasons: ['schema'], range: { from: startMs, to: Date.now() + 60_000 }, mapping: [{ op: 'remove', path: '/count' }], retriesExhausted: false }
    const dry = await enter(asked)
    await work(reader)
    const outcomes = { published: 60, late: 40 }
    expect((await keyspace.stores.runs.find(dry))?.report?.outcomes).toEqual(outcomes)
    expect((await keyspace.stores.streams.read(stream)).totals).toEqual(before.totals)

    const id = await enter({ ...asked, isDryRun: false })
    for (const [call, moment] of [[12, 'after'], [14, 'before']] as const) expect(await work(reader, new CrashPlan(call, moment))).toBe(true)
    expect(await work(reader)).toBe(false)

    const run = await keyspace.stores.runs.find(id)
    expect(run).toMatchObject({ state: 'succeeded', counts: { fetched: 100, fresh: 100, repeated: 0, rejected: 0, ...outcomes }, report: { outcomes } })
    const events = (await read(eventTopic(stream))).map(({ headers }) => headers['ce_id'])
    expect(new Set(events).size).toBe(301 + 60)
    expect(new Set((await read(lateTopic(stream))).map(({ key }) => String(key))).size).toBe(40)
    const kept = await letters.read(stream, { span: asked.range, limit: 1_000 })
    expect(kept.letters.map(({ redriven }) => redriven?.run)).toEqual(Array.from({ length: 100 }, () => id))
    const after = await keyspace.stores.streams.read(stream)
    expect([after.watermark, after.highest, after.totals]).toEqual([before.watermark, before.highest, { fetched: 501, fresh: 401, repeated: 0, rejected: 100, published: 361, late: 40 }])
  }, 120_000)
})
