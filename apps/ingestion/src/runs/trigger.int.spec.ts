import { randomUUID } from 'node:crypto'
import { createServer, type AddressInfo } from 'node:net'
import { noCounts, RunStore, StreamStore } from '@millrace/cassandra'
import { Health, RateLimit, waitUntil } from '@millrace/service'
import { defineCatalogue, type StreamDeclaration } from '@millrace/stream-kit'
import { testKeys, testService, type TestKeys } from '@millrace/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { CATALOGUE } from '../catalogue.provider.ts'
import { Connections } from '../connections.ts'
import { IngestionModule } from '../ingestion.module.ts'
import { StreamWorkers } from '../pipeline/stream-workers.ts'
import { CrashPlan } from '../testing/crash.ts'
import type { Stores } from '../testing/describe-stores.ts'
import { InMemoryTopics } from '../testing/in-memory-topics.ts'
import { ownKeyspace, type OwnKeyspace } from '../testing/own-keyspace.ts'
import { birds, SightingReader, sightings } from '../testing/sightings.ts'
import { RunDesk } from './run-desk.ts'

let keyspace: OwnKeyspace
let keys: TestKeys
const open: (() => Promise<void>)[] = []

beforeAll(async () => {
  keyspace = await ownKeyspace()
  keys = testKeys()
})
afterEach(async () => { for (const close of open.splice(0).reverse()) await close() })
afterAll(async () => {
  keys.remove()
  await keyspace.drop()
})

/** A stream of this test alone, and what its source and its topics hold. */
const newStream = () => {
  const reader = new SightingReader()
  reader.records = birds(5, { startMs: Date.now() - 60_000 })
  return { stream: { ...sightings(), name: `trigger-int-${randomUUID().slice(0, 8)}` }, reader, topics: new InMemoryTopics() }
}
type Made = ReturnType<typeof newStream>

interface Instance {
  readonly url: string
  readonly stop: () => Promise<void>
}

/** An instance of the app on the real Cassandra, listening. */
async function instance({ stream, reader, topics }: Made, name: string, { stores = keyspace.stores, runsPerMinute = 10, works = true }: { stores?: Stores; runsPerMinute?: number; works?: boolean } = {}): Promise<Instance> {
  const catalogue = defineCatalogue([stream])
  const app: NestFastifyApplication = await testService(IngestionModule, {
    name: 'ingestion', env: { MILLRACE_KEYS_FILE: keys.file },
    override: (builder) => builder
      .overrideProvider(CATALOGUE).useValue(catalogue)
      .overrideProvider(Connections).useFactory({ inject: [Health], factory: (health: Health) => { health.add('twins', () => undefined); return { opened: () => Promise.resolve(works) } } })
      .overrideProvider(StreamStore).useValue(stores.streams)
      .overrideProvider(RunStore).useValue(stores.runs)
      .overrideProvider(RunDesk).useFactory({
        inject: [StreamWorkers],
        factory: (workers: StreamWorkers) => new RunDesk({ catalogue, ...stores, workers, limit: new RateLimit({ count: runsPerMinute, perMs: 60_000, what: 'new runs' }) }),
      })
      .overrideProvider(StreamWorkers).useFactory({
        factory: () => new StreamWorkers({ catalogue, ...stores, reader, writerFor: () => ({ send: (batch) => topics.send(batch), close: () => Promise.resolve() }), settings: { instance: name, lease: 2_000, outage: 60_000, seenIds: 10_000 } }),
      }),
  })
  const port = await freePort()
  await app.listen(port, '127.0.0.1')
  let isOpen = true
  const stop = async (): Promise<void> => {
    if (!isOpen) return
    isOpen = false
    await app.close()
  }
  open.push(stop)
  return { url: `http://127.0.0.1:${port}`, stop }
}

async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer()
    const port = 21_000 + Math.floor(Math.random() * 5_000)
    const isFree = await new Promise<boolean>((resolve) => { server.once('error', () => { resolve(false) }).listen(port, '127.0.0.1', () => { resolve((server.address() as AddressInfo).port === port) }) })
    await new Promise((resolve) => server.close(resolve))
    if (isFree) return port
  }
}

const post = (url: string, path: string, body: object = {}, key?: string, scope: 'ingest:trigger' | 'stream:control' = 'ingest:trigger') =>
  fetch(`${url}${path}`, { method: 'POST', headers: { authorization: keys.bearer(scope), 'content-type': 'application/json', ...(key !== undefined && { 'idempotency-key': key }) }, body: JSON.stringify(body) })
const show = async (url: string, id: string) => (await (await fetch(`${url}/v1/runs/${id}`, { headers: { authorization: keys.bearer('ingest:trigger') } })).json()) as { state: string; counts: object }
const ended = (url: string, id: string) => waitUntil(async () => {
  const run = await show(url, id)
  return run.state === 'succeeded' && run
}, { deadlineMs: 30_000, everyMs: 100, what: `run ${id} to succeed` })

describe('a key that is posted a hundred times at once, to two instances', () => {
  it('starts one run, and is answered with it a hundred times', async () => {
    const made = newStream()
    const other = await keyspace.another()
    open.push(other.close)
    const urls = [(await instance(made, 'one', { runsPerMinute: 1 })).url, (await instance(made, 'two', { stores: other.stores, runsPerMinute: 1 })).url]
    const runs = `/v1/streams/${made.stream.name}/runs`
    expect((await post(urls[0] ?? '', `/v1/streams/${made.stream.name}/pause`, {}, undefined, 'stream:control')).status).toBe(200)

    const answers = await Promise.all(Array.from({ length: 100 }, async (_, at) => {
      const answer = await post(urls[at % 2] ?? '', runs, { reason: 'a burst' }, 'burst')
      return { status: answer.status, location: answer.headers.get('location'), body: await answer.json() as { id: string } }
    }))
    const [first] = answers
    expect(first).toMatchObject({ status: 202, location: `/v1/runs/${first?.body.id ?? ''}`, body: { state: 'queued', kind: 'pull' } })
    expect(answers).toEqual(answers.map(() => first))
    expect((await keyspace.stores.runs.open(made.stream)).map(({ id }) => id)).toEqual([first?.body.id])

    expect((await post(urls[1] ?? '', runs, { reason: 'another' }, 'burst')).status).toBe(422)
    await post(urls[0] ?? '', `/v1/streams/${made.stream.name}/resume`, {}, undefined, 'stream:control')
    expect(await ended(urls[1] ?? '', first?.body.id ?? '')).toMatchObject({ counts: { fetched: 5, published: 5 } })
    expect(made.topics.ids(`${made.stream.name}.v1`).size).toBe(5)
    expect(await (await post(urls[1] ?? '', runs, { reason: 'a burst' }, 'burst')).json()).toMatchObject({ id: first?.body.id, state: 'succeeded' })
  })
})

describe('a run whose process dies', () => {
  it('between its key and its entry is entered by the repeated request, with the same id', async () => {
    const made = newStream()
    // findKey, claim (with its own look at what holds), find: the fourth call would enter the run.
    const plan = new CrashPlan(4, 'before')
    const first = await instance(made, 'one', { stores: { ...keyspace.stores, runs: plan.on('runs', keyspace.stores.runs) }, works: false })
    expect((await post(first.url, `/v1/streams/${made.stream.name}/runs`, {}, 'k')).status).toBe(500)
    expect(plan.log).toEqual(['runs.findKey', 'runs.claim', 'runs.find', 'runs.create'])
    const claimed = await keyspace.stores.runs.findKey('trigger', 'k')
    expect(await keyspace.stores.runs.open(made.stream)).toEqual([])
    await first.stop()

    const second = await instance(made, 'one')
    const answer = await post(second.url, `/v1/streams/${made.stream.name}/runs`, {}, 'k')
    const { id } = (await answer.json()) as { id: string }
    expect([answer.status, id]).toEqual([202, claimed?.runId])
    expect(await ended(second.url, id)).toMatchObject({ counts: { fetched: 5, published: 5 } })
  })

  it.each<[string, (id: string, made: Made) => Promise<void>]>([
    ['while it is queued', () => Promise.resolve()],
    ['when it has been marked as running', async (id, made) => {
      const run = await keyspace.stores.runs.find(id)
      if (run) await keyspace.stores.runs.save({ ...run, state: 'running' })
      expect((await keyspace.stores.runs.open(made.stream)).map(({ state }) => state)).toEqual(['running'])
    }],
  ])('%s is done by the next start, once', async (_, reach) => {
    const made = newStream()
    const id = randomUUID()
    await keyspace.stores.runs.create({ id, stream: made.stream.name, version: 1, range: null, state: 'queued', counts: noCounts, offsets: {}, error: null, createdAt: Date.now() })
    await reach(id, made)
    const { url } = await instance(made, 'one')
    expect(await ended(url, id)).toMatchObject({ counts: { fetched: 5, published: 5 } })
    expect([await keyspace.stores.runs.open(made.stream), made.reader.reads.length]).toEqual([[], 2])
  })

  it('of a stream that is declared no more is given up, and says so', async () => {
    const made = newStream()
    const gone: StreamDeclaration = { ...made.stream, version: 7 }
    const id = randomUUID()
    await keyspace.stores.runs.create({ id, stream: gone.name, version: 7, range: null, state: 'running', counts: noCounts, offsets: {}, error: null, createdAt: Date.now() })
    const { url } = await instance(made, 'one')
    expect(await show(url, id)).toMatchObject({ state: 'abandoned', error: { code: 'stream_withdrawn' } })
    expect((await keyspace.stores.runs.find(id))?.state).toBe('abandoned')
  })
})
