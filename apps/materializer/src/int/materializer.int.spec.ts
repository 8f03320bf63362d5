import { waitUntil } from '@millrace/service'
import { deadLetterTopic, lateTopic, windowTopic } from '@millrace/stream-kit'
import { letterRecord } from '@millrace/kafka'
import { testKeys, type TestKeys } from '@millrace/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { from, Line, minute } from './line.fixture.ts'
import { startWorker } from './worker.fixture.ts'

let line: Line
let keys: TestKeys
let app: NestFastifyApplication
const deadlineMs = 30_000

beforeAll(async () => {
  line = await Line.open()
  keys = testKeys()
  Object.assign(process.env, line.env, { MILLRACE_KEYS_FILE: keys.file, MILLRACE_LOG_LEVEL: 'error' })
  app = await startWorker(line.stream.name)
  await waitUntil(async () => (await app.inject('/health/ready')).statusCode === 200, { deadlineMs, what: 'the materializer to be ready' })
})

afterAll(async () => {
  await app.close()
  await line.close()
  keys.remove()
})

/** A new life of the worker that has lost its commits: everything on the topics comes again. */
async function replayed(): Promise<void> {
  await app.close()
  process.env['MILLRACE_MATERIALIZER_GROUP'] = `${line.env['MILLRACE_MATERIALIZER_GROUP'] ?? ''}-again`
  app = await startWorker(line.stream.name)
}

const ask = async (offsets: Record<string, number>) =>
  (await app.inject({ method: 'POST', url: `/v1/streams/${line.stream.name}/await`, headers: { authorization: keys.bearer('ingest:trigger') }, payload: { offsets } })).json<{ reached: boolean; offsets: Record<string, number> }>()

const eventsOf = (windows: readonly { windowStart: number; events: number; measures: Record<string, unknown> }[]) => windows.map(({ windowStart, events, measures }) => [(windowStart - from) / minute, events, measures['worst']])

describe('on the real Kafka and Cassandra', () => {
  it('a window is readable by group and by time when it is on the topic', async () => {
    for (let index = 0; index < 20; index += 1) {
      await line.send(line.window('soon', index))
      await waitUntil(async () => (await line.byGroup('soon')).length > index, { deadlineMs, everyMs: 2 })
    }
    expect((await line.byTime()).filter(({ group }) => group['line'] === 'soon')).toHaveLength(20)
  })

  it('an older batch never wins, in one batch or in two', async () => {
    await line.send(line.window('order', 0, { events: 3 }), line.window('order', 0, { events: 9 }), line.window('order', 1, { events: 5 }), line.window('order', 0, { events: 4 }))
    await waitUntil(async () => (await line.byGroup('order')).length === 2, { deadlineMs })
    await line.send(line.window('order', 1, { events: 2 }), line.window('order', 2))
    await waitUntil(async () => (await line.byGroup('order')).length === 3, { deadlineMs })
    expect(eventsOf(await line.byGroup('order'))).toEqual([[2, 1, 1], [1, 5, 5], [0, 9, 9]])
  })

  it('generations lie side by side and are switched in one step', async () => {
    const plan = { kind: 'plan', planHash: 'x', checkpoint: 'c' }
    const [one, two] = [await line.generations.allocate(line.stream, plan), await line.generations.allocate(line.stream, plan)]
    await line.generations.promote(line.stream, one.generation)
    await line.send(line.window('switch', 0, { generation: 1, events: 9, worst: 1 }), line.window('switch', 0, { generation: 2, events: 2, worst: 2 }))
    await waitUntil(async () => (await line.byGroup('switch', 2)).length === 1, { deadlineMs })
    expect(eventsOf(await line.byGroup('switch', 1))).toEqual([[0, 9, 1]])
    await line.generations.promote(line.stream, two.generation)
    expect(await line.generations.served(line.stream)).toEqual([{ generation: 2, floor: null }])
  })

  it('progress is written when the markers of all partitions have come through, and waiting is answered from it', async () => {
    expect(await ask({ 0: 5 })).toMatchObject({ reached: false, offsets: {} })
    await line.send(...line.marker(1_000, { 0: '5', 1: '6' }, { generation: 2, partitions: [0] }))
    await line.send(...line.marker(500, { 0: '4', 1: '6' }, { generation: 2, partitions: [1] }))
    await waitUntil(async () => await line.progress.read(line.stream, 2), { deadlineMs })
    expect(await line.progress.read(line.stream, 2)).toMatchObject({ finalUntil: 500, offsets: { 0: 4, 1: 6 } })
    expect(await ask({ 0: 5, 1: 6 })).toEqual({ reached: false, offsets: { 0: 4, 1: 6 }, lag: { 0: 1, 1: 0 } })
    await line.send(...line.marker(1_000, { 0: '5', 1: '6' }, { generation: 2, partitions: [1] }))
    await waitUntil(async () => (await ask({ 0: 5, 1: 6 })).reached, { deadlineMs })
    expect(await line.progress.read(line.stream, 2)).toMatchObject({ finalUntil: 1_000 })
  })

  it('two instances share the work, and one goes on where the other has left', async () => {
    const sendRound = (round: number) => line.send(...Array.from({ length: 200 }, (_, index) => line.window(`shared${index % 8}`, index, { events: round })), ...line.marker(round, { 0: String(round), 1: String(round) }, { generation: 4 }))
    const passed = (round: number) => waitUntil(async () => (await line.progress.read(line.stream, 4))?.finalUntil === round, { deadlineMs, what: `the markers of round ${round}` })
    const other = await startWorker(line.stream.name)
    for (let round = 1; round <= 5; round += 1) await sendRound(round)
    await passed(5)
    await sendRound(6)
    await other.close()
    await sendRound(7)
    await passed(7)
    const rows = (await line.byTime()).filter(({ group }) => String(group['line']).startsWith('shared'))
    expect([rows.length, new Set(rows.map(({ events }) => events))]).toEqual([200, new Set([7])])
  })

  it('letters, and windows that fit no view, are kept once, with their bytes', async () => {
    const letter = { key: 'id1', value: Buffer.from([1, 0, 255]), reason: 'late', detail: 'd', origin: { url: 'u', page: 0, index: 0 }, run: 'r' }
    await line.writer.send({ topic: lateTopic(line.stream), messages: [{ ...letterRecord({ ...letter, eventTime: from }) }] })
    await line.writer.send({ topic: deadLetterTopic(line.stream), messages: [{ ...letterRecord({ ...letter, reason: 'schema' }) }] })
    await line.send({ key: Buffer.from('k'), value: Buffer.from('{"view":'), partition: 1 })
    const day = new Date().toISOString().slice(0, 10)
    const dead = async () => (await line.letters.dead(line.stream, { day, limit: 9 })).letters
    await waitUntil(async () => (await dead()).length === 2 && (await line.letters.late(line.stream, { day: '2018-02-01', limit: 9 })).letters.length === 1, { deadlineMs })
    expect((await dead()).map(({ topic, reason, value }) => [topic, reason, value.toString('latin1')])).toEqual([
      [deadLetterTopic(line.stream), 'schema', '\u0001\u0000ÿ'],
      [windowTopic(line.stream), 'window-malformed', '{"view":'],
    ])
  })

  it('reading everything again changes no row, no letter and no progress', async () => {
    const day = new Date().toISOString().slice(0, 10)
    const seen = async () => ({
      rows: [...await line.byTime(1), ...await line.byTime(2), ...await line.byGroup('order')],
      progress: (await line.progress.read(line.stream, 2))?.offsets,
      letters: (await line.letters.dead(line.stream, { day, limit: 9 })).letters.map(({ topic, offset }) => [topic, offset]),
    })
    const before = await seen()
    await replayed()
    await line.send(...line.marker(2_000, { 0: '7', 1: '7' }, { generation: 3 }))
    await waitUntil(async () => await line.progress.read(line.stream, 3), { deadlineMs, what: 'the end of the replay' })
    expect(await seen()).toEqual(before)
    expect(before.rows.length).toBeGreaterThan(20)
  })
})
