import { randomUUID } from 'node:crypto'
import { noCounts } from '@millrace/cassandra'
import { decodeLetter, kafkaSettings, TopicAdmin, topicSpecs, TopicWriter, type ReadRecord } from '@millrace/kafka'
import { readSettings, waitUntil } from '@millrace/service'
import { deadLetterTopic, eventTopic, lateTopic, type StreamDeclaration } from '@millrace/stream-kit'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { PagePipeline } from './pipeline/page-pipeline.ts'
import { StreamHold } from './pipeline/stream-hold.ts'
import { StreamPull } from './pipeline/stream-pull.ts'
import { StreamWorker } from './pipeline/stream-worker.ts'
import { sumCounts } from './rules/books.ts'
import { eventValidator } from './rules/event-validator.ts'
import { bookOf } from './rules/time-bucket.ts'
import { Crash, CrashPlan } from './testing/crash.ts'
import { describeStores, type Stores } from './testing/describe-stores.ts'
import { ownKeyspace, type OwnKeyspace } from './testing/own-keyspace.ts'
import { birds, SightingReader, sightings } from './testing/sightings.ts'

const address = readSettings(kafkaSettings)
const admin = new TopicAdmin(address)
const made: string[] = []
let keyspace: OwnKeyspace

beforeAll(async () => { keyspace = await ownKeyspace() })

afterAll(async () => {
  if (made.length > 0) await admin.remove(made)
  await admin.close()
  await keyspace.drop()
})

describeStores(() => keyspace.stores)

/** A stream with topics of its own. */
async function newStream(pageSize: number): Promise<StreamDeclaration> {
  const stream = { ...sightings({ pageSize }), name: `ingestion-int-${randomUUID().slice(0, 8)}` }
  const specs = topicSpecs(stream)
  await admin.apply(specs)
  made.push(...specs.map(({ topic }) => topic))
  return stream
}

interface Process {
  readonly worker: StreamWorker
  readonly close: () => Promise<void>
}

async function process(stream: StreamDeclaration, reader: SightingReader, { stores = keyspace.stores, instance = 'one', plan = new CrashPlan(), leaseMs = 2_000 }: { stores?: Stores; instance?: string; plan?: CrashPlan; leaseMs?: number } = {}): Promise<Process> {
  const kafka = await TopicWriter.open(address, `spec-${instance}`)
  const [streams, pages, seen, runs, writer] = [plan.on('streams', stores.streams), plan.on('pages', stores.pages), plan.on('seen', stores.seen), plan.on('runs', stores.runs), plan.on<Pick<TopicWriter, 'send'>>('topics', kafka)]
  const hold = new StreamHold({ stream, streams, pages, instance, leaseMs })
  const pipeline = new PagePipeline({ stream, hold, streams, pages, seen, writer })
  const pull = new StreamPull({ stream, hold, pipeline, streams, seen, reader, validate: eventValidator(stream), seenCapacity: 10_000 })
  return { worker: new StreamWorker({ stream, hold, pipeline, pull, streams, runs, outageMs: 60_000 }), close: () => kafka.close() }
}

async function enter({ name, version }: StreamDeclaration): Promise<string> {
  const id = randomUUID()
  await keyspace.stores.runs.create({ id, stream: name, version, range: null, state: 'queued', counts: noCounts, offsets: {}, error: null, createdAt: Date.now() })
  return id
}

/** Everything on a topic. */
async function read(topic: string): Promise<ReadRecord[]> {
  const records: ReadRecord[] = []
  for (const [partition, end] of Object.entries(await admin.endOffsets(topic))) records.push(...(await admin.readRange(topic, Number(partition), 0n, end)))
  return records
}

const ids = (records: readonly ReadRecord[]) => new Set(records.map(({ headers, key }) => headers['ce_id'] ?? String(key)))

describe('a run on the real engines', () => {
  it('publishes each event once, keeps the others apart, and books them all', async () => {
    const stream = await newStream(500)
    const reader = new SightingReader()
    const startMs = Date.now() - 7_200_000
    reader.records = [
      ...birds(1_200, { startMs }),
      { seq: 1_201, id: 'b1', bird: 'owl', count: 0, seenAt: startMs },
      { seq: 1_202, id: 'bad', bird: 'owl', seenAt: 'x' },
      { seq: 1_203, id: 'late', bird: 'owl', seenAt: startMs },
      { seq: 1_204, id: 'b2', bird: 'crow', count: 99, seenAt: startMs + 1_000 },
    ]
    const { worker, close } = await process(stream, reader)
    const id = await enter(stream)
    while ((await keyspace.stores.runs.open(stream)).length > 0) await worker.turn()
    await worker.stop()
    await close()

    const expected = { fetched: 1_204, fresh: 1_201, repeated: 2, rejected: 1, published: 1_200, late: 1 }
    const events = await read(eventTopic(stream))
    expect([events.length, ids(events).size]).toEqual([1_200, 1_200])
    expect((await read(lateTopic(stream))).map((record) => decodeLetter(record).reason)).toEqual(['late'])
    expect((await read(deadLetterTopic(stream))).map((record) => decodeLetter(record).reason).sort()).toEqual(['revised', 'schema'])

    const run = await keyspace.stores.runs.find(id)
    const ends = await admin.endOffsets(eventTopic(stream))
    expect(run).toMatchObject({ state: 'succeeded', counts: expected, error: null })
    for (const [partition, offset] of Object.entries(run?.offsets ?? {})) expect(offset).toBe(String(ends[Number(partition)]))

    const state = await keyspace.stores.streams.read(stream)
    expect(state).toMatchObject({ totals: expected, pending: null, leaseUntil: 0, highest: startMs + 1_199_000, watermark: startMs + 1_199_000 - 60_000 })
    const hours = new Set(reader.records.map(({ seenAt }) => bookOf(typeof seenAt === 'number' ? seenAt : null)))
    const books = await keyspace.stores.streams.books(stream, [...hours])
    expect(sumCounts(books.values())).toEqual(expected)
    for (const [hour, book] of books) {
      const published = events.filter(({ value }) => bookOf((JSON.parse(String(value)) as { seenAt: number }).seenAt) === hour)
      expect([hour, book.published]).toEqual([hour, published.length])
    }
  })

  it('pulls a past range again: what is new is kept as late by the backfill, cursor and watermark stay', async () => {
    const stream = await newStream(100)
    const reader = new SightingReader()
    const startMs = Date.now() - 7_200_000
    reader.records = birds(300, { startMs })
    const { worker, close } = await process(stream, reader)
    await enter(stream)
    while ((await keyspace.stores.runs.open(stream)).length > 0) await worker.turn()
    const { cursor, watermark, highest, publishedOffsets } = await keyspace.stores.streams.read(stream)

    reader.records = [...birds(150, { startMs }), ...birds(5, { startMs: startMs + 500, from: 5_000, id: 'new' }), ...birds(150, { startMs: startMs + 150_000, from: 151 })]
    const id = randomUUID()
    await keyspace.stores.runs.create({ id, stream: stream.name, version: 1, range: { from: startMs, to: startMs + 200_000 }, state: 'queued', counts: noCounts, offsets: {}, error: null, createdAt: Date.now() })
    worker.refresh()
    while ((await keyspace.stores.runs.open(stream)).length > 0) await worker.turn()
    await worker.stop()
    await close()

    const counts = { fetched: 205, fresh: 5, repeated: 200, rejected: 0, published: 0, late: 5 }
    expect(await keyspace.stores.runs.find(id)).toMatchObject({ state: 'succeeded', counts, range: { from: startMs, to: startMs + 200_000 } })
    const after = await keyspace.stores.streams.read(stream)
    expect(after).toMatchObject({ watermark, highest, publishedOffsets, totals: { fetched: 505, fresh: 305, repeated: 200, published: 300, late: 5 } })
    const place = (text: string | null) => { const { run: _, ...rest } = JSON.parse(text ?? '{}') as Record<string, unknown>; return rest }
    expect(place(after.cursor)).toEqual(place(cursor))
    expect((await read(lateTopic(stream))).map((record) => decodeLetter(record)).map(({ reason, run }) => [reason, run])).toEqual(Array.from({ length: 5 }, () => ['backfill', id]))
    expect((await read(eventTopic(stream))).length).toBe(300)
  })

  it('keeps the order of time within each partition', async () => {
    const stream = await newStream(100)
    const reader = new SightingReader()
    reader.records = birds(300, { startMs: Date.now() - 3_600_000 }).map((bird, i) => ({ ...bird, seenAt: Date.now() - 3_600_000 + (i - (i % 100)) * 1_000 + ((i * 37) % 100) * 100 }))
    const { worker, close } = await process(stream, reader)
    await enter(stream)
    while ((await keyspace.stores.runs.open(stream)).length > 0) await worker.turn()
    await close()
    for (const [partition, end] of Object.entries(await admin.endOffsets(eventTopic(stream)))) {
      const times = (await admin.readRange(eventTopic(stream), Number(partition), 0n, end)).map(({ value }) => (JSON.parse(String(value)) as { seenAt: number }).seenAt)
      expect(times).toEqual([...times].sort((a, b) => a - b))
    }
  })

  it('has its effect exactly once, though its process dies eleven times', async () => {
    const stream = await newStream(50)
    const reader = new SightingReader()
    reader.records = birds(180, { startMs: Date.now() - 3_600_000 })
    const id = await enter(stream)
    let deaths = 0
    for (let at = 2; (await keyspace.stores.runs.find(id))?.state !== 'succeeded'; at += 1) {
      const { worker, close } = await process(stream, reader, { plan: new CrashPlan(deaths < 11 ? 4 + (at % 9) : Number.POSITIVE_INFINITY, at % 2 === 0 ? 'before' : 'after') })
      try {
        for (let turn = 0; turn < 20 && (await keyspace.stores.runs.find(id))?.state !== 'succeeded'; turn += 1) await worker.turn()
      } catch (error) {
        if (!(error instanceof Crash)) throw error
        deaths += 1
      }
      await close()
    }
    expect(deaths).toBe(11)
    expect(ids(await read(eventTopic(stream))).size).toBe(180)
    expect(await keyspace.stores.runs.find(id)).toMatchObject({ state: 'succeeded', counts: { ...noCounts, fetched: 180, fresh: 180, published: 180 } })
    expect((await keyspace.stores.streams.read(stream)).totals).toEqual({ ...noCounts, fetched: 180, fresh: 180, published: 180 })
  })
})

describe('two instances', () => {
  it('do not ingest one stream at once; when the holder falls silent, the other finishes his page and shuts him out', async () => {
    const stream = await newStream(100)
    const reader = new SightingReader()
    reader.records = birds(90, { startMs: Date.now() - 3_600_000 })
    const id = await enter(stream)

    // The first holder stops dead between the page that he has marked and its publishing, like a process that is stopped and continued.
    const gate = Promise.withResolvers<undefined>()
    const reached = Promise.withResolvers<undefined>()
    const halted: Stores = { ...keyspace.stores, streams: halting(keyspace.stores.streams, gate.promise, reached) }
    const first = await process(stream, reader, { stores: halted, instance: 'first' })
    const firstTurn = first.worker.turn()
    await reached.promise

    const other = await keyspace.another()
    const second = await process(stream, reader, { stores: other.stores, instance: 'second' })
    expect(await second.worker.turn()).toBe(1_000)
    expect((await other.stores.streams.read(stream)).owner).toMatch(/^first /)
    await waitUntil(async () => {
      await second.worker.turn()
      return (await other.stores.runs.find(id))?.state === 'succeeded'
    }, { deadlineMs: 60_000, everyMs: 200 })
    const after = await other.stores.streams.read(stream)
    expect(after).toMatchObject({ owner: expect.stringMatching(/^second /), epoch: 2, pending: null, totals: { published: 90 } })

    gate.resolve(undefined)
    await firstTurn
    expect(ids(await read(eventTopic(stream))).size).toBe(90)
    expect(await other.stores.streams.read(stream)).toEqual({ ...after, leaseUntil: expect.any(Number) })
    expect((await other.stores.runs.find(id))?.counts).toEqual({ ...noCounts, fetched: 90, fresh: 90, published: 90 })
    await Promise.all([first.close(), second.close(), other.close()])
  })
})

/** Everything stands still after the first page was marked, until the gate opens. */
function halting(streams: Stores['streams'], gate: Promise<undefined>, reached: PromiseWithResolvers<undefined>): Stores['streams'] {
  return new Proxy(streams, {
    get: (target, key) => {
      const method: unknown = Reflect.get(target, key, target)
      if (typeof method !== 'function') return method
      return async (...args: unknown[]) => {
        const answer: unknown = await (method as (...all: unknown[]) => unknown).apply(target, args)
        if (key === 'setPending') {
          reached.resolve(undefined)
          await gate
        }
        return answer
      }
    },
  })
}
