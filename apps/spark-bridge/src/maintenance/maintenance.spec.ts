import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { noFigures } from '@millrace/cassandra'
import { configureLog } from '@millrace/observability'
import { SparkError } from '@millrace/spark-connect'
import { trades } from '@millrace/streams'
import { testKeys, testService } from '@millrace/testing'
import { sparkBridgeService } from '../spark-bridge.config.ts'
import { SparkBridgeModule } from '../spark-bridge.module.ts'
import { Twins } from '../twins.fixture.ts'
import { CheckpointFolders } from './checkpoint-folders.ts'
import { Maintenance } from './maintenance.ts'

configureLog({ app: 'spec', write: () => undefined })

const hour = 3_600_000
let root: string
let twins: Twins

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'millrace-checkpoints-'))
  twins = new Twins()
  twins.now = Date.now()
})
afterEach(() => { rmSync(root, { recursive: true, force: true }) })

/** A checkpoint in which something was last written so long ago. */
function checkpoint(name: string, ageMs = 2 * hour, { within = root } = {}): string {
  const folder = join(within, name)
  mkdirSync(join(folder, 'offsets'), { recursive: true })
  writeFileSync(join(folder, 'offsets', '0'), 'x'.repeat(100))
  const time = new Date(twins.now - ageMs)
  for (const path of [join(folder, 'offsets'), folder]) utimesSync(path, time, time)
  return folder
}
const maintain = (dryRun = false, checkpoints = root) => {
  const { server, generations } = twins.surroundings
  return new Maintenance({ server, generations, folders: new CheckpointFolders(checkpoints), recounts: twins.recounts, replays: { sweep: () => Promise.resolve({ discarded: [], removed: 0 }) }, clock: { now: () => twins.now, sleep: () => Promise.resolve() } }).run({ dryRun })
}
const generation = (number: number, state: 'served' | 'building' | 'retired', name: string) => { twins.add(trades, { generation: number, state, planHash: 'x', checkpoint: `${root}/${name}` }) }

describe('maintenance', () => {
  it('removes checkpoints of retired and unknown generations, and says what that was', async () => {
    generation(1, 'retired', 'trades.v1.g1-00000001')
    generation(2, 'served', 'trades.v1.g2-00000002')
    generation(3, 'building', 'trades.v1.g3-00000003')
    for (const name of ['trades.v1.g1-00000001', 'trades.v1.g2-00000002', 'trades.v1.g3-00000003', 'trades.v1.g2-0000000f', 'night-trains.v3.g1-0000000a']) checkpoint(name)
    expect(await maintain(true)).toMatchObject({ checkpoints: { removed: ['night-trains.v3.g1-0000000a', 'trades.v1.g1-00000001', 'trades.v1.g2-0000000f'], kept: 2, bytes: 300 } })
    expect(readdirSync(root)).toHaveLength(5)
    expect(await maintain()).toEqual({ checkpoints: { removed: ['night-trains.v3.g1-0000000a', 'trades.v1.g1-00000001', 'trades.v1.g2-0000000f'], kept: 2, bytes: 300 }, recounts: { removed: 0 }, replays: { discarded: [], removed: 0 } })
    expect(readdirSync(root).sort()).toEqual(['trades.v1.g2-00000002', 'trades.v1.g3-00000003'])
    expect(await maintain()).toMatchObject({ checkpoints: { removed: [], kept: 2, bytes: 0 } })
  })

  it('never removes the checkpoint of a query that runs, whatever its generation is said to be', async () => {
    generation(1, 'retired', 'trades.v1.g1-00000001')
    for (const name of ['trades.v1.g1-00000001', 'gone.v1.g7-00000007']) {
      checkpoint(name)
      twins.server.run(`${name.replace(/-.*/, '')}@0123456789ab`)
    }
    expect(await maintain()).toMatchObject({ checkpoints: { removed: [], kept: 2 } })
    twins.server.end('trades.v1.g1', null)
    expect((await maintain()).checkpoints.removed).toEqual(['trades.v1.g1-00000001'])
  })

  it('removes nothing while nobody knows what runs, or what is served', async () => {
    checkpoint('trades.v1.g1-00000001')
    twins.server.failure = new SparkError('spark_unreachable', 'away')
    await expect(maintain()).rejects.toMatchObject({ code: 'spark_unreachable' })
    twins.server.failure = null
    twins.isCassandraAway = true
    await expect(maintain()).rejects.toMatchObject({ code: 'cassandra_unreachable' })
    expect(readdirSync(root)).toHaveLength(1)
  })

  it('keeps what was written to within an hour, wherever in the checkpoint', async () => {
    checkpoint('trades.v1.g1-00000001', hour - 60_000)
    const inner = checkpoint('trades.v1.g2-00000002', 5 * hour)
    utimesSync(join(inner, 'offsets'), new Date(twins.now - 60_000), new Date(twins.now - 60_000))
    checkpoint('trades.v1.g3-00000003', hour + 60_000)
    expect((await maintain()).checkpoints.removed).toEqual(['trades.v1.g3-00000003'])
  })

  it('touches nothing of another name, and no link', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'millrace-elsewhere-'))
    const target = checkpoint('target', 5 * hour, { within: elsewhere })
    const names = ['spec', 'trades.v1.g1', 'trades.v1.g1-00000001.bak', 'Trades.v1.g1-00000001', '..g1-00000001']
    for (const name of names) checkpoint(name)
    writeFileSync(join(root, 'trades.v1.g1-0000000f'), 'a file')
    symlinkSync(target, join(root, 'trades.v1.g4-00000004'))
    const old = checkpoint('trades.v1.g5-00000005')
    symlinkSync(target, join(old, 'link'))
    utimesSync(old, new Date(twins.now - 5 * hour), new Date(twins.now - 5 * hour))
    twins.now += 2 * hour
    expect((await maintain()).checkpoints).toMatchObject({ removed: ['trades.v1.g5-00000005'], kept: 0 })
    expect(readdirSync(root).sort()).toEqual([...names, 'trades.v1.g1-0000000f', 'trades.v1.g4-00000004'].sort())
    expect(readdirSync(join(target, 'offsets'))).toEqual(['0'])
    rmSync(elsewhere, { recursive: true })
  })

  it.each(['s3a://bucket/checkpoints', '/no/such/folder'])('leaves %s to whoever keeps it', async (checkpoints) => {
    expect(await maintain(false, checkpoints)).toMatchObject({ checkpoints: { removed: [], kept: 0, bytes: 0 } })
  })

  it('takes dead entries of the recounts out of their queue', async () => {
    twins.recounts.queue.push({ id: 'expired', createdAt: twins.now - 2 * hour }, { id: 'new', createdAt: twins.now })
    await twins.recounts.create({ id: 'open', stream: 'trades', version: 1, generation: 1, state: 'queued', verdict: null, from: 0, to: 1, offsets: {}, figures: noFigures, differences: [], error: null, attempts: 0, createdAt: twins.now - 2 * hour, endedAt: null })
    expect([(await maintain(true)).recounts, (await maintain()).recounts, twins.recounts.queue.map(({ id }) => id)]).toEqual([{ removed: 1 }, { removed: 1 }, ['new', 'open']])
  })

  it('is asked for over HTTP by who may control', async () => {
    const keys = testKeys()
    checkpoint('trades.v1.g1-00000001')
    twins.checkpoints = root
    const app = await testService(SparkBridgeModule, { ...sparkBridgeService, env: { MILLRACE_KEYS_FILE: keys.file }, override: twins.override })
    const post = (payload: object) => app.inject({ method: 'POST', url: '/v1/maintenance', headers: { authorization: keys.bearer('stream:control') }, payload })
    const [dry, wrong, done] = [await post({ dryRun: true }), await post({ dryRun: 'yes' }), await post({})]
    await app.close()
    keys.remove()
    expect([dry.statusCode, wrong.statusCode, done.statusCode, done.json()]).toEqual([200, 400, 200, { checkpoints: { removed: ['trades.v1.g1-00000001'], kept: 0, bytes: 100 }, recounts: { removed: 0 }, replays: { discarded: [], removed: 0 } }])
    expect(dry.json()).toEqual(done.json())
    expect(readdirSync(root)).toEqual([])
  })
})
