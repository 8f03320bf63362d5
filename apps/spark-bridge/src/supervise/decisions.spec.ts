import { describe, expect, it } from '@jest/globals'
import { earthquakes } from '@millrace/streams'
import { firstTopic, type TopicState } from '@millrace/cassandra'
import type { ReadRecord } from '@millrace/kafka'
import { sparkErrors, type SparkErrorCode } from '@millrace/spark-connect'
import { Twins } from '../twins.fixture.ts'
import { hasCaughtUp, nextGoal } from './catch-up.ts'
import { decideMarker, markerKey, passPublished, type MarkerQuestion, type PublishedStatus } from './decide-marker.ts'
import { generationFloor } from './generation-floor.ts'
import { covers, furthest, lagOf } from './offsets.ts'
import { RetryPlan, stateAfter } from './retry-plan.ts'

describe('offsets', () => {
  it('cover others when no partition is behind; one that is absent stands at 0', () => {
    expect(covers({ 0: 5, 1: 3 }, { 0: 5, 1: 2 })).toBe(true)
    expect(covers({ 0: 5 }, { 0: 5, 1: 1 })).toBe(false)
    expect(covers({}, { 0: 0 })).toBe(true)
    expect(covers({}, {})).toBe(true)
  })

  it('lag behind others by what is missing, never less than nothing', () => {
    expect(lagOf({ 0: 5, 1: 9 }, { 0: 7, 1: 3, 2: 4 })).toEqual({ 0: 2, 1: 0, 2: 4 })
    expect(furthest({ 0: 5, 1: 1 }, { 1: 4, 2: 2 })).toEqual({ 0: 5, 1: 4, 2: 2 })
  })
})

describe('a progress marker', () => {
  const question: MarkerQuestion = { stream: earthquakes, generation: 2, status: { watermark: 100, publishedOffsets: { 0: 5, 1: 3 } }, committed: { 0: 5, 1: 3 }, last: undefined }

  it('is due when the query has committed all that was published, and says for which watermark', () => {
    expect(decideMarker(question)).toEqual({ kind: 'progress', stream: 'earthquakes', version: 1, generation: 2, watermark: 100, offsets: { 0: '5', 1: '3' } })
  })

  it.each<[string, Partial<MarkerQuestion>]>([
    ['a partition is behind', { committed: { 0: 5, 1: 2 } }],
    ['nothing was ingested yet', { status: undefined }],
    ['there is no watermark yet', { status: { watermark: null, publishedOffsets: { 0: 1 } } }],
    ['nothing was published yet', { status: { watermark: 1, publishedOffsets: {} } }],
    ['it was given before', { last: markerKey({ watermark: 100, offsets: { 0: '5', 1: '3' } }) }],
  ])('is not due when %s', (_, change) => {
    expect(decideMarker({ ...question, ...change })).toBeNull()
  })

  it('is due again when only the watermark has moved', () => {
    expect(decideMarker({ ...question, last: markerKey({ watermark: 99, offsets: { 0: '5', 1: '3' } }) })).not.toBeNull()
  })
})

describe('what was published', () => {
  const at = (offset: number) => ({ watermark: offset * 10, publishedOffsets: { 0: offset } })

  it('waits until the query has committed it; the newest of what it has committed counts', () => {
    const first = passPublished([], at(10), { 0: 5 })
    expect(first).toEqual({ reached: undefined, waiting: [at(10)] })
    const second = passPublished([at(10), at(20), at(30)], at(40), { 0: 25 })
    expect(second).toEqual({ reached: at(20), waiting: [at(30), at(40)] })
    expect(passPublished(second.waiting, at(50), { 0: 50 })).toEqual({ reached: at(50), waiting: [] })
  })

  it('of a topic that was made again takes the place of what waited for the old one', () => {
    expect(passPublished([at(50)], at(3), { 0: 2 })).toEqual({ reached: undefined, waiting: [at(3)] })
  })

  it('is remembered for an hour, and once for as long as it does not change', () => {
    let waiting: readonly PublishedStatus[] = []
    for (let offset = 1; offset <= 4_000; offset += 1) for (let look = 0; look < 2; look += 1) waiting = passPublished(waiting, at(offset), {}).waiting
    expect([waiting.length, waiting[0], waiting.at(-1)]).toEqual([3_600, at(401), at(4_000)])
  })
})

describe('a generation that is being built', () => {
  it('has its goal only when it keeps up with the topic', () => {
    const first = nextGoal(undefined, { ends: { 0: 100 }, committed: { 0: 10 }, now: 1 })
    expect(first.goal).toBeNull()
    const behind = nextGoal(first, { ends: { 0: 110 }, committed: { 0: 90 }, now: 2 })
    expect(behind.goal).toBeNull()
    const close = nextGoal(behind, { ends: { 0: 120 }, committed: { 0: 110 }, now: 3 })
    expect(close.goal).toEqual({ ends: { 0: 120 }, seenAt: 3 })
    expect(nextGoal(close, { ends: { 0: 130 }, committed: { 0: 112 }, now: 4 }).goal).toEqual({ ends: { 0: 120 }, seenAt: 3 })
  })

  it('waits anew when the clock is set back, and no longer for that', () => {
    const close = { lastEnds: { 0: 120 }, goal: { ends: { 0: 120 }, seenAt: 6_000_000 } }
    expect(nextGoal(close, { ends: { 0: 130 }, committed: { 0: 112 }, now: 5 }).goal).toEqual({ ends: { 0: 120 }, seenAt: 5 })
  })

  const question = { now: 1_000, goal: { ends: { 0: 120 }, seenAt: 900 }, committed: { 0: 120 }, stored: { 0: 120 }, published: { 0: 120 } }

  it('has caught up when its query has committed and the materializer has stored up to the goal', () => {
    expect(hasCaughtUp(question)).toBe(true)
    expect(hasCaughtUp({ ...question, committed: { 0: 119 } })).toBe(false)
    expect(hasCaughtUp({ ...question, stored: { 0: 119 } })).toBe(false)
  })

  it('does not wait for ever for records behind what ingestion has published', () => {
    const quiet = { ...question, stored: { 0: 100 }, published: { 0: 100 } }
    expect(hasCaughtUp({ ...quiet, now: 900 + 59_999 })).toBe(false)
    expect(hasCaughtUp({ ...quiet, now: 900 + 60_000 })).toBe(true)
    expect(hasCaughtUp({ ...quiet, now: 900 + 60_000, stored: { 0: 99 } })).toBe(false)
  })
})

describe('the floor of a generation', () => {
  const record = (offset: bigint, value: string, partition = 0): ReadRecord => ({ offset, key: null, value: Buffer.from(value), headers: { partition: String(partition) }, timestamp: 0 })
  const floor = (change: Partial<Twins>, highest: number | null = null, publishedOffsets = {}, topic: Partial<TopicState> = {}) => generationFloor(earthquakes, Object.assign(new Twins(), { ends: { 0: 9n, 1: 9n } }, change).surroundings.topics, { highest, publishedOffsets, topic: { ...firstTopic, ...topic } })

  it('is none while every log begins at 0', async () => {
    expect(await floor({ begins: { 0: 0n, 1: 0n } }, 70, { 0: 9, 1: 9 })).toBeNull()
  })

  it('is there when the topic ends before what was published: it was made again', async () => {
    expect(await floor({ begins: { 0: 0n, 1: 0n }, records: [record(0n, '{"occurredAt":1000}', 1)] }, 70, { 0: 9, 1: 10 })).toBe(1_000 + earthquakes.latenessMs)
    expect(await floor({ begins: { 0: 0n, 1: 0n }, ends: { 0: 0n, 1: 0n } }, 70, { 0: 9, 1: 10 })).toBe(70 + earthquakes.latenessMs)
  })

  it('is the first retained event time and the lateness, of the partition where that is latest', async () => {
    const records = [record(3n, '{"occurredAt":1000}'), record(5n, '{"occurredAt":500}', 1)]
    expect(await floor({ begins: { 0: 3n, 1: 5n }, records })).toBe(1_000 + earthquakes.latenessMs)
  })

  it('is judged by the highest event time where nothing is left, or the first record is no event', async () => {
    expect(await floor({ begins: { 0: 9n, 1: 0n } }, 70)).toBe(70 + earthquakes.latenessMs)
    expect(await floor({ begins: { 0: 3n, 1: 0n }, records: [record(3n, '{')] }, 80)).toBe(80 + earthquakes.latenessMs)
    expect(await floor({ begins: { 0: 9n, 1: 0n } })).toBeNull()
  })

  it('is none when all events were restored behind what the topic had before them, until more of them are gone', async () => {
    const restored = { incarnation: 1, begins: { 0: 4, 1: 0 } }
    expect(await floor({ begins: { 0: 4n, 1: 0n } }, 70, { 0: 9, 1: 9 }, restored)).toBeNull()
    expect(await floor({ begins: { 0: 5n, 1: 0n }, records: [record(5n, '{"occurredAt":1000}')] }, 70, { 0: 9, 1: 9 }, restored)).toBe(1_000 + earthquakes.latenessMs)
  })

  it('is what a restore says that could not put all of them back, or later', async () => {
    const restored = { incarnation: 1, begins: { 0: 4, 1: 0 }, floor: 60 }
    expect(await floor({ begins: { 0: 4n, 1: 0n } }, 70, { 0: 9, 1: 9 }, restored)).toBe(60)
    expect(await floor({ begins: { 0: 5n, 1: 0n }, records: [record(5n, '{"occurredAt":1000}')] }, 70, { 0: 9, 1: 9 }, restored)).toBe(1_000 + earthquakes.latenessMs)
  })

  it('lies behind every event while a restore is due, though the new topic has as many as were published', async () => {
    expect(await floor({ begins: { 0: 0n, 1: 0n } }, 70, { 0: 9, 1: 9 }, { isReplaced: true })).toBe(71)
  })
})

describe('a failure', () => {
  const codes = Object.keys(sparkErrors) as SparkErrorCode[]

  it.each<[SparkErrorCode, string]>([
    ['spark_missing_topic', 'missing_topic'], ['spark_broker_unreachable', 'broker_unreachable'], ['spark_disk_full', 'disk_full'], ['spark_plan_refused', 'plan_invalid'],
    ['spark_data_loss', 'data_loss'], ['spark_checkpoint_corrupt', 'checkpoint_corrupt'], ['spark_failed', 'failed'], ['spark_unreachable', 'restarting'],
  ])('%s is the state %s', (code, state) => {
    expect(stateAfter(code)).toBe(state)
  })

  it('is tried again unless an operator has to decide', () => {
    const waiting = codes.filter((code) => new RetryPlan(() => 0.5).after(code, 0).until === null)
    expect(waiting).toEqual(['spark_plan_refused', 'spark_data_loss', 'spark_checkpoint_corrupt'])
  })

  it('is tried again after longer and longer waits, up to half a minute, and anew after success', () => {
    const plan = new RetryPlan(() => 1)
    const waits = () => Array.from({ length: 7 }, () => plan.after('spark_missing_topic', 0).until)
    expect(waits()).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
    plan.reset()
    expect(plan.after('spark_failed', 0).until).toBe(2_000)
  })
})
