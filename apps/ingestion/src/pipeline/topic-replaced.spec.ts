import { configureLog } from '@millrace/observability'
import { describe, expect, it } from '@jest/globals'
import { FakeClock } from '@millrace/testing'
import { Crash } from '../testing/crash.ts'
import { dies } from '../testing/dies.ts'
import { InMemoryTopics } from '../testing/in-memory-topics.ts'
import { birds, sightings } from '../testing/sightings.ts'
import { TestBench } from '../testing/test-bench.ts'

configureLog({ app: 'spec', level: 'error', write: () => undefined })

const startMs = Date.parse('2018-02-01T00:00:00Z')
const stream = sightings({ pageSize: 100 })
const topic = 'sightings.v1'

describe('a topic that was deleted and created again', () => {
  const make = async () => {
    const bench = new TestBench(stream, new FakeClock('2018-02-01T00:10:00Z'))
    bench.reader.records = birds(9, { startMs })
    await bench.enter()
    const worker = bench.worker()
    await dies(worker, bench)
    return { bench, worker, before: await bench.streams.read(stream) }
  }

  it('is not written on as if nothing had happened', async () => {
    const { bench, worker, before } = await make()
    bench.topics.replace(topic)
    bench.reader.records = birds(15, { startMs })
    const id = await bench.enter()
    worker.refresh()
    await dies(worker, bench)
    expect((await bench.runs.find(id))?.error?.code).toBe('topic_replaced')
    const held = { seq: before.seq, pending: before.seq, publishedOffsets: before.publishedOffsets, watermark: before.watermark, totals: before.totals, topic: { ...before.topic, isReplaced: true } }
    expect(await bench.streams.read(stream)).toMatchObject(held)

    const sends = bench.topics.sends.length
    const next = await bench.enter()
    for (let turn = 0; turn < 5; turn += 1) await bench.worker().turn()
    expect([(await bench.runs.find(next))?.state, bench.topics.sends.length]).toEqual(['queued', sends])
    expect(await bench.streams.read(stream)).toMatchObject(held)
  })

  it('is known by its end before anything is sent to it, where the state was read anew', async () => {
    const { bench } = await make()
    bench.topics.replace(topic)
    bench.reader.records = birds(15, { startMs })
    await bench.enter()
    await dies(bench.worker(), bench)
    expect([bench.topics.records(topic).length, (await bench.streams.read(stream)).topic.isReplaced]).toEqual([0, true])
  })

  it('is known even where a process that died has sent it more than the old one had', async () => {
    const { bench, before } = await make()
    bench.reader.records = birds(60, { startMs })
    await bench.enter()
    expect(await dies(bench.worker({ writer: { send: async (send) => { bench.topics.replace(topic); await bench.topics.send(send); throw new Crash('after the send') } } }), bench)).toBe(true)
    expect(bench.topics.records(topic).length).toBeGreaterThan(50)
    await bench.worker().turn()
    expect(await bench.streams.read(stream)).toMatchObject({ totals: before.totals, topic: { isReplaced: true } })
  })

  it('is not lost any more where only the address was wrong', async () => {
    const { bench } = await make()
    bench.reader.records = birds(60, { startMs })
    const other = new InMemoryTopics()
    const worker = bench.worker({ writer: other })
    const id = await bench.enter()
    await dies(worker, bench)
    expect([(await bench.runs.find(id))?.error?.code, (await bench.streams.read(stream)).topic.isReplaced]).toEqual(['topic_replaced', true])
    expect(await bench.askRestore('hasty').then(() => dies(bench.worker(), bench))).toBe(false)
    expect(bench.runs.runs.get('hasty')?.error?.code).toBe('topic_whole')
    await bench.enter()
    expect(await dies(bench.worker(), bench)).toBe(false)
    expect(await bench.streams.read(stream)).toMatchObject({ totals: { published: 60 }, topic: { isReplaced: false, incarnation: 0 } })
    expect(bench.topics.ids(topic).size).toBe(60)
  })

  it('is not seen where a page was only sent twice', async () => {
    const { bench } = await make()
    bench.reader.records = birds(60, { startMs })
    await bench.enter()
    expect(await dies(bench.worker({ writer: { send: async (send) => { await bench.topics.send(send); throw new Crash('after the send') } } }), bench)).toBe(true)
    expect(await dies(bench.worker(), bench)).toBe(false)
    expect(await bench.streams.read(stream)).toMatchObject({ totals: { published: 60 }, topic: { isReplaced: false } })
  })
})
