import { randomUUID } from 'node:crypto'
import { systemClock } from '@millrace/service'
import { MillraceError } from '@millrace/stream-kit'
import type { Kafka } from 'kafkajs'
import { readRecord } from './batch-reader.ts'
import { clientRetry, clientTimes } from './client.ts'
import { rangeGone } from './kafka.errors.ts'
import type { ReadRecord } from './wire-record.ts'

export interface TopicRange {
  readonly topic: string
  readonly partition: number
  /** First offset, and the one after the last. */
  readonly from: bigint
  readonly to: bigint
  /** What the partition holds. */
  readonly begin: bigint
  readonly end: bigint
}

export interface RangeRead {
  /** The group that the caller removes, if there was one. */
  readonly groupId: string | null
  readonly records: ReadRecord[]
}

/** A broker that has just started refuses groups for a moment. */
const attempts = { count: 5, waitMs: 500 } as const

/** Reads a range through a consumer group of its own, which the caller removes; kafkajs has no fetch without a group. */
export async function readTopicRange(client: Kafka, range: TopicRange): Promise<RangeRead> {
  const { topic, partition, from, to, begin, end } = range
  if (from < begin || to > end) throw rangeGone(topic, partition, `offsets ${from.toString()} to ${to.toString()} asked for, ${begin.toString()} to ${end.toString()} there.`)
  if (from >= to) return { groupId: null, records: [] }
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await readOnce(client, range)
    } catch (error) {
      if (attempt === attempts.count || (error instanceof MillraceError && error.retry === 'never')) throw error
      await systemClock.sleep(attempts.waitMs)
    }
  }
}

async function readOnce(client: Kafka, { topic, partition, from, to }: TopicRange): Promise<RangeRead> {
  const groupId = `millrace-range-${randomUUID()}`
  const consumer = client.consumer({ groupId, sessionTimeout: 6_000, heartbeatInterval: 1_500, rebalanceTimeout: 10_000, maxWaitTimeInMs: 100, allowAutoTopicCreation: false, retry: { ...clientRetry, restartOnFailure: () => Promise.resolve(false) } })
  const records: ReadRecord[] = []
  const done = Promise.withResolvers<undefined>()
  done.promise.catch(() => undefined)
  let hasCrashed = false
  consumer.on('consumer.crash', ({ payload }) => { hasCrashed = true; done.reject(payload.error) })
  const isRunning = () => !hasCrashed
  const timer = setTimeout(() => { done.reject(rangeGone(topic, partition, `${records.length} records read, then nothing for too long.`)) }, 3 * clientTimes.requestMs)
  try {
    await consumer.connect()
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    await consumer.run({
      autoCommit: false,
      eachBatch: ({ batch }) => {
        if (batch.partition !== partition) return Promise.resolve()
        for (const message of batch.messages) {
          const record = readRecord(message)
          // Offsets have no gaps here, and a batch fetched before the seek may come twice.
          const expected = from + BigInt(records.length)
          if (record.offset === expected && expected < to) records.push(record)
        }
        if (BigInt(records.length) === to - from) done.resolve(undefined)
        return Promise.resolve()
      },
    })
    if (isRunning()) consumer.seek({ topic, partition, offset: from.toString() })
    await done.promise
    return { groupId, records }
  } finally {
    clearTimeout(timer)
    await consumer.disconnect()
  }
}
