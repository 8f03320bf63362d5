import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { MillraceError } from '@millrace/stream-kit'
import { catalogue } from '@millrace/streams'
import { provision } from './provision.ts'
import type { Change, Target } from './running/change.ts'

let root: string
let said: string
const settings = [{ path: '.env.example', text: '# none\n' }]

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'provision-'))
  for (const folder of ['libs/streams', 'docs']) mkdirSync(join(root, folder), { recursive: true })
  writeFileSync(join(root, 'nx.json'), '{}')
  said = ''
})
afterEach(() => {
  rmSync(root, { recursive: true })
})

class TwinTarget implements Target {
  applied = 0
  isClosed = false

  constructor(readonly name: string, private readonly changes: readonly Change[] | Error) {}

  plan(): Promise<readonly Change[]> {
    return this.changes instanceof Error ? Promise.reject(this.changes) : Promise.resolve(this.changes)
  }

  apply(): Promise<readonly Change[]> {
    this.applied++
    return this.plan()
  }

  close(): Promise<void> {
    this.isClosed = true
    return Promise.resolve()
  }
}

const run = (command: string, targets: readonly Target[] = [], env = {}) =>
  provision(command.split(' '), { catalogue, root, env, out: (text) => { said += text }, err: (text) => { said += text }, parts: { documents: () => Promise.resolve(settings), targets: () => targets } })

describe('generate and check', () => {
  it('agree: what was just generated is not stale, and generating again changes nothing', async () => {
    expect(await run('generate')).toBe(0)
    expect(said).toContain('made generated/openapi.json')
    said = ''
    expect(await run('check')).toBe(0)
    expect(await run('generate')).toBe(0)
    expect(said).toContain('up to date')
    expect(said).not.toMatch(/^(made|changed|removed)/m)
  })

  it('check fails on a planted stale file, names it, says what differs, and the command that mends it', async () => {
    await run('generate')
    const topics = join(root, 'generated/kafka/topics.json')
    writeFileSync(topics, readFileSync(topics, 'utf8').replace('"partitions": 2', '"partitions": 3'))
    writeFileSync(join(root, 'generated/kafka/old.json'), '{}')
    rmSync(join(root, '.env.example'))
    said = ''
    expect(await run('check')).toBe(1)
    expect(said).toMatch(/generated\/kafka\/topics\.json:\d+ reads " {4}\\"partitions\\": 3,", expected " {4}\\"partitions\\": 2,"\./)
    expect(said).toContain('generated/kafka/old.json is left over')
    expect(said).toContain('.env.example is missing')
    expect(said).toContain('Mend it with: npm run provision -- generate')
    await run('generate')
    expect(await run('check')).toBe(0)
  })

  it('check tells how much each stream may carry', async () => {
    await run('generate')
    said = ''
    await run('check', [], { MILLRACE_PROVISION_SPARK_HEAP_MB: '2048' })
    expect(said).toContain("trades.v1 keeps 2 hours: a rebuild in 2048 MB of Spark's heap holds the ids of 4,814,985 events, 668 a second all the time.")
  })

  it('refuse to write outside of a workspace', async () => {
    rmSync(join(root, 'nx.json'))
    expect(await run('generate')).toBe(1)
    expect(said).toContain('Run it from the root.')
  })
})

describe('plan and apply', () => {
  const create: Change = { action: 'create', what: 'topic a.v1', detail: '2 partitions' }
  const refuse: Change = { action: 'refuse', what: 'topic b.v1', detail: 'it has 2 partitions, declared are 3. Declare the stream with a new version.' }

  it('plan changes nothing', async () => {
    const target = new TwinTarget('Kafka', [create])
    expect(await run('plan', [target])).toBe(0)
    expect(said).toContain('would create topic a.v1: 2 partitions')
    expect([target.applied, target.isClosed]).toEqual([0, true])
  })

  it('apply does it and says so, and says when there is nothing to do', async () => {
    const targets = [new TwinTarget('Kafka', [create]), new TwinTarget('Cassandra', [])]
    expect(await run('apply', targets)).toBe(0)
    expect(said).toContain('created topic a.v1: 2 partitions')
    expect(targets.map(({ applied, isClosed }) => [applied, isClosed])).toEqual([[1, true], [0, true]])
    said = ''
    expect(await run('apply', [new TwinTarget('Kafka', [])])).toBe(0)
    expect(said).toContain('Nothing to do')
  })

  it('apply changes no system where one refuses', async () => {
    const targets = [new TwinTarget('Kafka', [refuse]), new TwinTarget('Cassandra', [create])]
    expect(await run('apply', targets)).toBe(1)
    expect(said).toContain('Nothing was changed. topic b.v1: it has 2 partitions')
    expect(said).toContain('new version')
    expect(targets.map(({ applied, isClosed }) => [applied, isClosed])).toEqual([[0, true], [0, true]])
    expect(await run('plan', [new TwinTarget('Kafka', [refuse])])).toBe(1)
  })

  it('waits no longer than the deadline for a system that is away', async () => {
    const target = new TwinTarget('Kafka', new MillraceError('away', 'Kafka at 127.0.0.1:1 does not answer.', { retry: 'later' }))
    expect(await run('apply', [target], { MILLRACE_PROVISION_WAIT: '600 milliseconds' })).toBe(1)
    expect(said.match(/Waiting for Kafka/g)).toHaveLength(1)
    expect(said.trimEnd().endsWith('Kafka at 127.0.0.1:1 does not answer.')).toBe(true)
    expect(target.isClosed).toBe(true)
  })
})

it.each(['', 'aply', 'apply now', 'constructor'])("shows how it is used for '%s'", async (command) => {
  expect(await run(command)).toBe(2)
  expect(said).toMatch(/generate .*\n.*plan .*\n.*apply .*\n.*check /)
})
