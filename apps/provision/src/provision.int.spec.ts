import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CassandraSession, cassandraSettings, TableReader } from '@millrace/cassandra'
import { kafkaSettings, TopicAdmin, topicSpecs } from '@millrace/kafka'
import { processEnvironment, readSettings, waitUntil } from '@millrace/service'
import { avg, defineCatalogue, defineStream, httpSource, instant, max, real, text, tumbling, type StreamDeclaration } from '@millrace/stream-kit'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { provision } from './provision.ts'

/** Names that no other test uses: a stream, a keyspace and three roles of our own. The superuser is the engines'. */
const unique = randomBytes(4).toString('hex')
const secrets = mkdtempSync(join(tmpdir(), 'provision-int-'))
const env = {
  ...processEnvironment(),
  MILLRACE_CASSANDRA_KEYSPACE: `provision_${unique}`,
  MILLRACE_PROVISION_WAIT: '20 seconds',
  ...Object.fromEntries(['migrator', 'writer', 'reader'].flatMap((role) => {
    const file = join(secrets, role)
    writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600 })
    const name = `MILLRACE_CASSANDRA_${role.toUpperCase()}`
    return [[`${name}_USER`, `${role}_${unique}`], [`${name}_PASSWORD_FILE`, file]]
  })),
}

const stream = (change: { partitions?: number; measures?: object } = {}): StreamDeclaration => defineStream({
  name: `probe-${unique.replaceAll(/\d/g, (digit) => 'ghijklmnop'[Number(digit)] ?? '')}`,
  version: 1,
  summary: 'A reading of a probe.',
  event: { id: text(), probe: text(), value: real(), readAt: instant() },
  id: ['id'],
  key: 'probe',
  eventTime: 'readAt',
  lateness: '1 minute',
  retention: '1 day',
  partitions: change.partitions ?? 1,
  source: httpSource({
    url: 'http://127.0.0.1:13009/probes', start: { seq: 0 }, overlap: 0, pageSize: 10, timeout: '5 seconds',
    request: () => ({ query: {} }), items: () => [], advance: (cursor) => cursor, toEvent: () => ({ id: 'a', probe: 'a', value: 1, readAt: 0 }),
  }),
  views: { 'per-hour': { summary: 'Values an hour.', window: tumbling('1 hour'), by: ['probe'], measures: { highest: max('value'), ...change.measures } } },
})

const admin = () => CassandraSession.open(readSettings(cassandraSettings('admin'), env), { isImpatient: true, usesKeyspace: false })

async function run(command: string, declared: StreamDeclaration): Promise<{ code: number; said: string }> {
  let said = ''
  const say = (part: string): void => { said += part }
  const code = await provision([command], { catalogue: defineCatalogue([declared]), env, out: say, err: say })
  return { code, said }
}

let topics: TopicAdmin
beforeAll(() => {
  topics = new TopicAdmin(readSettings(kafkaSettings, env))
})
afterAll(async () => {
  await topics.remove(topicSpecs(stream()).map(({ topic }) => topic))
  await topics.close()
  const session = await admin()
  await session.define(`DROP KEYSPACE IF EXISTS ${env.MILLRACE_CASSANDRA_KEYSPACE}`)
  for (const role of ['migrator', 'writer', 'reader']) await session.define(`DROP ROLE IF EXISTS ${role}_${unique}`)
  await session.close()
  rmSync(secrets, { recursive: true })
})

describe('on the real Kafka and Cassandra', () => {
  it('plan shows everything and changes nothing', async () => {
    const { code, said } = await run('plan', stream())
    expect(code).toBe(0)
    expect(said).toContain(`would create topic ${stream().name}.v1: 1 partition`)
    expect(said).toContain(`would create keyspace provision_${unique}`)
    expect(said).toContain(`would create roles migrator_${unique}, writer_${unique}, reader_${unique}`)
    expect(await topics.describe(topicSpecs(stream()).map(({ topic }) => topic))).toEqual([])
  })

  it('apply makes it, and finds nothing to do the next time', async () => {
    const first = await run('apply', stream())
    expect([first.code, first.said]).toEqual([0, expect.stringContaining('created table streams')])
    expect(await topics.plan(topicSpecs(stream()))).toEqual([])
    expect((await run('apply', stream())).said).toMatch(/^Nothing to do: everything that runs is as declared \(\d+ ms\)\.\n$/)
    expect(await run('plan', stream())).toEqual({ code: 0, said: 'Nothing to do: everything that runs is as declared.\n' })
  })

  it('the roles may do their part and no more', async () => {
    const as = (role: 'writer' | 'reader') => CassandraSession.open(readSettings(cassandraSettings(role), env), { isImpatient: true })
    const [writer, reader] = await Promise.all([as('writer'), as('reader')])
    const insert = "INSERT INTO generations (stream, version, generation, kind) VALUES ('a', 1, 1, 'plan')"
    await writer.execute(insert)
    expect(await reader.execute("SELECT kind FROM generations WHERE stream = 'a' AND version = 1")).toEqual([{ kind: 'plan' }])
    await expect(reader.execute(insert)).rejects.toMatchObject({ code: 'cassandra_forbidden' })
    await expect(writer.define('DROP TABLE generations')).rejects.toMatchObject({ code: 'cassandra_forbidden' })
    await Promise.all([writer.close(), reader.close()])
  })

  it('adds a measure to both tables of a view', async () => {
    const wider = stream({ measures: { mean: avg('value') } })
    const { code, said } = await run('apply', wider)
    expect(code).toBe(0)
    expect(said.match(/changed table .*: ADD mean double/g)).toHaveLength(2)
    const session = await admin()
    const tables = await new TableReader(session).tables()
    await session.close()
    for (const [name, { columns }] of tables) if (name.includes('per_hour')) expect([name, columns.map((column) => column.name)]).toEqual([name, expect.arrayContaining(['mean'])])
    expect((await run('apply', wider)).said).toContain('Nothing to do')
  })

  it('refuses another number of partitions without changing anything, and leaves the column of a measure that is gone', async () => {
    const more = await run('apply', stream({ partitions: 3, measures: { mean: avg('value'), least: avg('value') } }))
    expect(more.code).toBe(1)
    expect(more.said).toMatch(/Nothing was changed\. topic .*\.v1: it has 1 partitions, declared are 3\. Declare the stream with a new version/)
    expect((await run('apply', stream())).said).toContain('Nothing to do')
    expect((await run('apply', stream({ measures: { mean: avg('value') } }))).said).toContain('Nothing to do')
  })

  it('sets the setting of a topic that somebody has changed back', async () => {
    const specs = topicSpecs(stream())
    await topics.apply(specs.map((spec) => ({ ...spec, config: { ...spec.config, 'retention.ms': '1000' } })))
    const { said } = await run('apply', stream({ measures: { mean: avg('value') } }))
    expect(said).toContain(`changed topic ${stream().name}.v1: retention.ms=86400000`)
    expect(await topics.plan(specs)).toEqual([])
  })

  it('sets the password of a role whose file has changed', async () => {
    writeFileSync(join(secrets, 'reader'), randomBytes(24).toString('base64url'))
    const { code, said } = await run('apply', stream({ measures: { mean: avg('value') } }))
    expect([code, said]).toEqual([0, expect.stringContaining(`changed role reader_${unique}`)])
    // Cassandra may know the old password for two seconds more.
    const login = async () => (await CassandraSession.open(readSettings(cassandraSettings('reader'), env), { isImpatient: true })).close()
    await waitUntil(async () => { await login(); return true }, { deadlineMs: 15_000, what: 'the new password to be known' })
  })
})
