import { KafkaError } from '@millrace/kafka'
import { configureLog } from '@millrace/observability'
import { describe, expect, it } from '@jest/globals'
import { FakeClock } from '@millrace/testing'
import { dies } from '../testing/dies.ts'
import { RefusingTopics } from '../testing/refusing-topics.ts'
import { birds, sightings } from '../testing/sightings.ts'
import { TestBench } from '../testing/test-bench.ts'

configureLog({ app: 'spec', level: 'error', write: () => undefined })

const startMs = Date.parse('2018-02-01T00:00:00Z')
const stream = sightings({ pageSize: 10 })

describe('events that Kafka refuses for what they hold', () => {
  const make = () => {
    const bench = new TestBench(stream, new FakeClock('2018-02-01T00:10:00Z'))
    const topics = new RefusingTopics()
    bench.reader.records = birds(9, { startMs }).map((bird, at) => (at === 3 || at === 7 ? { ...bird, bird: 'x'.repeat(3_000) } : bird))
    topics.mostBytes = 2_000
    return { bench, topics }
  }
  const headers = (topics: RefusingTopics) => topics.records('sightings.v1.dead-letters').map((record) => record.headers ?? {})

  it('are dead letters with as many of their bytes as it takes; all others are published, and the books say so', async () => {
    const { bench, topics } = make()
    const id = await bench.enter()
    expect(await dies(bench.worker({ writer: topics }), bench)).toBe(false)
    expect(topics.ids('sightings.v1').size).toBe(7)
    expect(headers(topics)).toEqual([3, 7].map((at) => expect.objectContaining({ reason: 'publish-refused', run: id, 'event-time': String(startMs + at * 1_000), detail: expect.stringMatching(/of 30\d\d bytes \(the first 15\d\d of 30\d\d bytes are kept\)$/) as unknown })))
    const counts = { fetched: 9, fresh: 7, repeated: 0, rejected: 2, published: 7, late: 0 }
    expect((await bench.runs.find(id))?.counts).toEqual(counts)
    expect((await bench.streams.read(stream)).totals).toEqual(counts)
    expect((await bench.streams.books(stream, ['2018-02-01T00:00:00.000Z'])).get('2018-02-01T00:00:00.000Z')).toEqual(counts)
  })

  it('are known when they come again, and the books go on from what was corrected', async () => {
    const { bench, topics } = make()
    await bench.enter()
    const worker = bench.worker({ writer: topics })
    await dies(worker, bench)
    bench.reader.records = [...bench.reader.records, ...bench.reader.records.map((bird, at) => ({ ...bird, seq: 10 + at })), { seq: 19, id: 'new', bird: 'owl', seenAt: startMs + 10_000 }]
    await bench.enter()
    worker.refresh()
    await dies(worker, bench)
    expect(headers(topics).length).toBe(2)
    const counts = { fetched: 19, fresh: 8, repeated: 9, rejected: 2, published: 8, late: 0 }
    expect((await bench.streams.read(stream)).totals).toEqual(counts)
    expect((await bench.streams.books(stream, ['2018-02-01T00:00:00.000Z'])).get('2018-02-01T00:00:00.000Z')).toEqual(counts)
  })

  it('are no letters where Kafka refuses for another reason, or does not answer: that is waited for', async () => {
    for (const error of [new KafkaError('kafka_record_refused', 'no such name', { fields: { refusal: 'INVALID_TOPIC_EXCEPTION' } }), new KafkaError('kafka_send_unknown', 'away')]) {
      const { bench, topics } = make()
      topics.mostBytes = Number.POSITIVE_INFINITY
      let failures = 1
      const id = await bench.enter()
      const worker = bench.worker({ writer: { send: (batch) => (failures-- > 0 ? Promise.reject(error) : topics.send(batch)) } })
      await dies(worker, bench)
      expect(headers(topics)).toEqual([])
      await bench.enter()
      worker.refresh()
      await dies(worker, bench)
      expect(topics.ids('sightings.v1').size).toBe(9)
      expect((await bench.runs.find(id))?.state).toBe(error.retry === 'never' ? 'failed' : 'succeeded')
    }
  })
})
