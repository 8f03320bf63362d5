import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from '@jest/globals'
import { waitUntil } from '@millrace/service'
import { CassandraSession } from './cassandra-session.ts'
import { GenerationStore } from './generation-store.ts'
import { CuttingProxy } from './testing/cutting-proxy.ts'
import { nightTrains } from './testing/night-trains.ts'
import { ownKeyspace } from './testing/own-keyspace.ts'

let direct: CassandraSession
let drop: () => Promise<void>
let proxy: CuttingProxy
let session: CassandraSession
let opened: CassandraSession[]

beforeAll(async () => { ({ session: direct, drop } = await ownKeyspace({ ...nightTrains, views: [] })) })

afterAll(async () => { await drop() })

beforeEach(async () => {
  proxy = new CuttingProxy(direct.settings.contactPoints[0] ?? '')
  opened = []
  session = connect([await proxy.open()])
})

afterEach(async () => {
  await Promise.all(opened.map((one) => one.close()))
  await proxy.shut()
})

/** A session that is closed after the test, however it ends. */
function connect(contactPoints: readonly string[] = session.settings.contactPoints): CassandraSession {
  const one = CassandraSession.connect({ ...direct.settings, contactPoints }, { requestTimeoutMs: 700 })
  opened.push(one)
  return one
}

const epochOf = async (stream: string) => (await direct.execute('SELECT epoch FROM streams WHERE stream = ? AND version = 1', [stream], { isSerial: true }))[0]?.['epoch']
const take = (stream: string) => session.decide({ cql: 'UPDATE streams SET epoch = 1 WHERE stream = ? AND version = 1 IF epoch = null', params: [stream] })
const write = () => session.execute("UPDATE streams SET late = 1 WHERE stream = 'a' AND version = 1 AND bucket = 'b'")

describe('while Cassandra is away', () => {
  it('requests fail at once with "later", and work again by themselves when it is back', async () => {
    await session.ready
    await write()
    await proxy.shut()
    await expect(waitUntil(write, { deadlineMs: 300, everyMs: 50 })).rejects.toMatchObject({ cause: { code: 'cassandra_unreachable', retry: 'later' } })
    const startedAt = performance.now()
    await expect(session.health()).rejects.toMatchObject({ retry: 'later' })
    expect(performance.now() - startedAt).toBeLessThan(2_500)
    await proxy.open()
    await waitUntil(async () => { await write(); return true }, { deadlineMs: 10_000 })
  })

  it('a session that was made before it connects in the background', async () => {
    await proxy.shut()
    const early = connect()
    await expect(early.execute('SELECT key FROM system.local')).rejects.toMatchObject({ code: 'cassandra_unreachable', retry: 'later' })
    await proxy.open()
    await waitUntil(() => early.execute('SELECT key FROM system.local'), { deadlineMs: 15_000 })
    await early.close()
    await expect(early.execute('SELECT key FROM system.local')).rejects.toMatchObject({ code: 'cassandra_session_closed' })
  })

  it('an impatient session says so instead of waiting', async () => {
    await proxy.shut()
    await expect(CassandraSession.open(session.settings, { isImpatient: true })).rejects.toMatchObject({ code: 'cassandra_unreachable' })
  })

  it('a session that is closed while it waits ends', async () => {
    await proxy.shut()
    const waiting = connect()
    const ended = expect(waiting.ready).rejects.toMatchObject({ code: 'cassandra_session_closed' })
    await waiting.close()
    await ended
  })
})

describe('when an answer is lost', () => {
  it('a lightweight transaction says that its outcome is unknown, though it was applied, and is not sent twice', async () => {
    await session.ready
    await take('before')
    proxy.swallowsAnswers = true
    await expect(take('lost')).rejects.toMatchObject({ code: 'cassandra_outcome_unknown', retry: 'later' })
    expect(await epochOf('lost')).toBe(1)
  })

  it('a generation is allocated once all the same', async () => {
    await session.ready
    const stream = { name: 'lost-generation', version: 1 }
    const generations = new GenerationStore(session)
    await generations.list(stream)
    proxy.swallowsFrom = 13
    const allocating = generations.allocate(stream, { kind: 'plan', planHash: 'x', checkpoint: 'c' })
    await waitUntil(async () => (await new GenerationStore(direct).list(stream)).length === 1, { deadlineMs: 5_000, everyMs: 1 })
    expect(proxy.swallowsAnswers).toBe(true)
    proxy.swallowsFrom = undefined
    proxy.swallowsAnswers = false
    expect(await allocating).toMatchObject({ generation: 1, state: 'building' })
    expect(await new GenerationStore(direct).list(stream)).toHaveLength(1)
  })
})

describe('a login', () => {
  it('that is refused says so, and what to do', async () => {
    const wrong = { ...direct.settings, password: 'not the password' }
    await expect(CassandraSession.open(wrong, { isImpatient: true })).rejects.toMatchObject({ code: 'cassandra_login_refused', message: expect.stringMatching(/provision/) as unknown })
    await expect(CassandraSession.open(wrong, { isImpatient: true })).rejects.not.toThrow('not the password')
  })

  it('to a data centre that does not exist is refused for good', async () => {
    await expect(CassandraSession.open({ ...direct.settings, datacenter: 'dc9' })).rejects.toMatchObject({ code: 'cassandra_datacenter_unknown', retry: 'never' })
  })
})
