import { describe, expect, it } from '@jest/globals'
import { eventTopic } from '@millrace/stream-kit'
import { sightings } from '../testing/sightings.ts'
import { cutPages } from './cut-pages.ts'
import { cutSends } from './cut-sends.ts'
import { encodeRecords, type Encoded } from './encode-records.ts'
import { eventValidator } from './event-validator.ts'
import { judgeRecords } from './judge-records.ts'
import { readRecord } from './read-record.ts'

const stream = sightings()
const validate = eventValidator(stream)
const start = Date.parse('2026-01-01T00:00:00Z')
const hour = 3_600_000

/** Judged and encoded events at these times; a null is a record that can be no event. */
function encoded(times: readonly (number | null)[], bird = 'owl'): Encoded[] {
  const records = times.map((at, i) => readRecord({ value: at === null ? null : { id: `b${i}`, bird, seenAt: at }, origin: { url: 'u', page: 0, index: i }, bytes: () => Buffer.from(`bytes ${i}`), isUtf8: true }, { stream, validate, clockMs: start + 1_000 * hour }))
  const judged = judgeRecords(records, { watermark: null, find: () => undefined, seenBucketMs: 60_000, nowMs: start })
  return encodeRecords(judged, { stream, run: 'r', watermark: null, range: null })
}
const timeOf = ({ judged }: Encoded) => judged.record.eventTime
const eventsAt = (value: Buffer) => (JSON.parse(value.toString()) as { seenAt: number }).seenAt

describe('cutPages', () => {
  const limits = { records: 10, bytes: 1_000_000, buckets: 10 }

  it('puts events first, by time and id, then what is kept apart', () => {
    const [page] = cutPages(encoded([start + 5, null, start + 1, start + 3]), limits)
    expect(page?.map(timeOf)).toEqual([start + 1, start + 3, start + 5, null])
  })

  it('cuts at the number of records', () => {
    expect(cutPages(encoded(Array.from({ length: 25 }, (_, i) => start + i)), limits).map((page) => page.length)).toEqual([10, 10, 5])
  })

  it('cuts at the bytes, and gives a record that is larger a page of its own', () => {
    const pages = cutPages(encoded(Array.from({ length: 6 }, (_, i) => start + i), 'o'.repeat(1_000)), { ...limits, bytes: 5_000 })
    expect(pages.map((page) => page.length)).toEqual([2, 2, 2])
    expect(cutPages(encoded([start, start + 1], 'o'.repeat(1_000)), { ...limits, bytes: 10 }).map((page) => page.length)).toEqual([1, 1])
  })

  it('cuts at the number of books and of buckets', () => {
    const byHour = cutPages(encoded(Array.from({ length: 25 }, (_, i) => start + i * hour)), { ...limits, records: 100 })
    expect(byHour.map((page) => page.length)).toEqual([10, 10, 5])
    const byMinute = cutPages(encoded(Array.from({ length: 25 }, (_, i) => start + i * 60_000)), { ...limits, records: 100 })
    expect(byMinute.map((page) => page.length)).toEqual([10, 10, 5])
  })

  it('makes no page of records that only repeat', () => {
    const [first] = encoded([start])
    if (!first) throw new Error('no record')
    expect(cutPages([{ judged: { verdict: 'repeated', record: first.judged.record, seen: null }, outgoing: null }])).toEqual([])
  })
})

describe('cutSends', () => {
  const spreadMs = stream.latenessMs + stream.slackMs

  it('keeps events whose times lie within lateness + slack in one send', () => {
    expect(cutSends(stream, encoded([start, start + spreadMs])).map(({ messages }) => messages.length)).toEqual([2])
    expect(cutSends(stream, encoded([start, start + spreadMs + 1])).map(({ messages }) => messages.length)).toEqual([1, 1])
  })

  it('never sends an event behind what Spark may have seen, wherever Spark cuts its batches', () => {
    const random = seeded(11)
    for (let round = 0; round < 50; round += 1) {
      const [page = []] = cutPages(encoded(Array.from({ length: 60 }, () => start + Math.floor(random() * 20) * 30_000 + Math.floor(random() * 1_000))), { records: 1_000, bytes: 1e9, buckets: 1_000 })
      let highest = Number.NEGATIVE_INFINITY
      for (const { messages } of cutSends(stream, page)) {
        const times = messages.map(({ value }) => eventsAt(value))
        // Spark may have read any part of this send, and all of the ones before.
        highest = Math.max(highest, ...times)
        expect(Math.min(...times)).toBeGreaterThanOrEqual(highest - spreadMs)
      }
    }
  })

  it('sends letters after the events, to their own topics', () => {
    const sends = cutSends(stream, encoded([null, start]))
    expect(sends.map(({ topic, messages }) => [topic, messages.length])).toEqual([[eventTopic(stream), 1], ['sightings.v1.dead-letters', 1]])
  })
})

function seeded(seed: number): () => number {
  let state = seed
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}
