import { testKeys, testService, type TestKeys } from '@millrace/testing'
import { afterEach, beforeEach, expect, it } from '@jest/globals'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { materializerService } from './materializer.config.ts'
import { MaterializerModule } from './materializer.module.ts'
import { Twins } from './stores.fixture.ts'

let twins: Twins
let keys: TestKeys
let app: NestFastifyApplication

beforeEach(async () => {
  twins = new Twins()
  keys = testKeys()
  app = await testService(MaterializerModule, { ...materializerService, env: { MILLRACE_KEYS_FILE: keys.file }, override: twins.override })
})
afterEach(async () => {
  await app.close()
  keys.remove()
})

const maintain = (payload?: object, scope: 'stream:control' | 'ingest:trigger' = 'stream:control') => app.inject({ method: 'POST', url: '/v1/maintenance', headers: { authorization: keys.bearer(scope) }, ...(payload && { payload }) })

it('removes letters that are older than thirty days, and says how many', async () => {
  const before = Date.now() - 30 * 86_400_000
  const answer = await maintain()
  expect([answer.statusCode, answer.json()]).toEqual([200, { deadLetters: { removed: 2, kept: 3 }, lateEvents: { removed: 0, kept: 1 } }])
  expect(twins.sweeps).toMatchObject([{ isDryRun: false }])
  expect(Math.abs((twins.sweeps[0]?.before ?? 0) - before)).toBeLessThan(60_000)
})

it('only counts when it is asked to', async () => {
  expect((await maintain({ dryRun: true })).statusCode).toBe(200)
  expect(twins.sweeps).toMatchObject([{ isDryRun: true }])
})

it('is for who may control streams, and takes nothing that it does not know', async () => {
  expect([(await maintain({}, 'ingest:trigger')).statusCode, (await maintain({ dryRun: 1 })).statusCode, (await maintain({ olderThan: 1 })).statusCode]).toEqual([403, 400, 400])
  expect(twins.sweeps).toEqual([])
})
