import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { configureLog } from '@millrace/observability'
import { readSettings, waitUntil } from '@millrace/service'
import { coalesce, project, readStream, sortBy, sql } from './relation.ts'
import { sparkSettings } from './spark-connect.config.ts'
import { SparkSession, type StreamSink } from './spark-session.ts'
import type { StreamingQuery } from './streaming-query.ts'
import { everything } from './window-plan/everything.fixture.ts'
import { planRelation } from './window-plan/plan-relation.ts'
import { windowPlan } from './window-plan/window-plan.ts'

configureLog({ app: 'spec', level: 'error' })

const { url, token, checkpoints } = readSettings(sparkSettings)
const unique = randomUUID()
const sessions: SparkSession[] = []
const open = (name = unique, key = token) => {
  // The first plan of a server that has just started takes long on a busy machine.
  const session = SparkSession.open({ url, token: key }, { name, readTimeoutMs: 90_000 })
  sessions.push(session)
  return session
}
const session = open()
const folder = `${resolve(checkpoints)}/spec/${unique}`
afterAll(async () => {
  for (const one of sessions) one.close()
  await rm(folder, { recursive: true, force: true })
})

const ticks = () => project(readStream({ format: 'rate', options: { rowsPerSecond: '5' } }), ['CAST(value AS STRING) AS value'])
const sink = (queryName: string): StreamSink => ({ format: 'noop', options: {}, outputMode: 'append', queryName, checkpoint: `${folder}/${queryName}`, trigger: '200 milliseconds' })

describe('a Spark Connect server', () => {
  it('answers with the version whose protocol was generated', async () => {
    expect(await session.version()).toMatch(/^4\.\d+\.\d+$/)
  })

  it('lets nobody in without its token', async () => {
    await expect(open(unique, 'wrong').version()).rejects.toMatchObject({ code: 'spark_unauthenticated', retry: 'never' })
    await expect(open(unique, 'wrong').activeQueries()).rejects.toMatchObject({ code: 'spark_unauthenticated' })
  })

  it('accepts the plan with everything in it', async () => {
    await session.configure({ 'spark.sql.caseSensitive': 'true' })
    await session.check(planRelation(windowPlan(everything()), { brokers: 'nowhere:1', generation: 1 }))
  })

  it('refuses what it cannot plan, with the reason', async () => {
    await expect(session.check(project(sql('SELECT 1 AS one'), ['two']))).rejects.toMatchObject({ code: 'spark_plan_refused', message: expect.stringContaining('two') })
    await expect(session.start(project(ticks(), ['nothing AS value']), sink('refused'))).rejects.toMatchObject({ code: 'spark_plan_refused', fields: { errorClass: expect.stringContaining('UNRESOLVED_COLUMN') } })
  })

  it('brings the rows of a relation of texts, however many, in their order', async () => {
    const rows = []
    for await (const text of session.texts(project(sortBy(coalesce(sql("SELECT 19999 - id AS id, concat(19999 - id, ' é') AS text FROM range(0, 20000, 1, 4)"), 2), ['id']), ['text']), 'asking')) rows.push(text)
    expect(rows).toEqual(Array.from({ length: 20_000 }, (_, index) => `${index} é`))
  })

  it('brings none where there are none, and refuses what is no text', async () => {
    const all = async (query: string) => { const rows = []; for await (const text of session.texts(sql(query), 'asking')) rows.push(text); return rows }
    expect(await all("SELECT 'a' AS text WHERE false")).toEqual([])
    await expect(all('SELECT 42 AS answer')).rejects.toMatchObject({ code: 'spark_failed', message: expect.stringContaining('expected one column of texts') })
    await expect(all("SELECT raise_error('on purpose') AS text")).rejects.toMatchObject({ code: 'spark_failed', message: expect.stringContaining('on purpose') })
  })
})

describe('a streaming query', () => {
  let query: StreamingQuery
  beforeAll(async () => { query = await session.start(ticks(), sink('ticks')) })
  afterAll(async () => { await query.stop() })

  it('is found by a session of the same name, and by no other', async () => {
    const found = await open().activeQueries()
    expect(found.map(({ id, runId, name }) => ({ id, runId, name }))).toEqual([{ id: query.id, runId: query.runId, name: 'ticks' }])
    expect(await open(randomUUID()).activeQueries()).toEqual([])
  })

  it('cannot be started twice under one name', async () => {
    await expect(session.start(ticks(), sink('ticks'))).rejects.toMatchObject({ code: 'spark_query_exists' })
  })

  it('tells how it is and what it has done', async () => {
    await waitUntil(async () => ((await query.lastProgress('-'))?.batchId ?? 0) > 1, { deadlineMs: 60_000, what: 'two batches' })
    expect((await query.recentProgress('-')).map(({ batchId }) => batchId)).toContain(1)
    expect(await query.status()).toMatchObject({ isActive: true })
    expect(await query.exception()).toBeNull()
  })

  it('goes on from its checkpoint under the same id, with another run id', async () => {
    await query.stop()
    expect(await session.activeQueries()).toEqual([])
    expect(await query.exception()).toBeNull()
    const again = await session.start(ticks(), sink('ticks'))
    expect(again.id).toBe(query.id)
    expect(again.runId).not.toBe(query.runId)
    query = again
  })

  it('that fails says why', async () => {
    const failing = await session.start(project(ticks(), ["raise_error('on purpose') AS value"]), sink('failing'))
    await waitUntil(async () => !(await failing.status()).isActive, { deadlineMs: 60_000, what: 'the query to fail' })
    expect(await failing.exception()).toMatchObject({ code: 'spark_failed', retry: 'later', message: expect.stringContaining('on purpose') })
  })

  it('that nobody knows is told apart from one that has ended', async () => {
    const ghost = session.query({ id: randomUUID(), runId: randomUUID(), name: 'ghost' })
    await expect(ghost.status()).rejects.toMatchObject({ code: 'spark_query_unknown' })
  })
})
