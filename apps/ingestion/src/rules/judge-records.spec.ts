import { describe, expect, it } from '@jest/globals'
import { sightings } from '../testing/sightings.ts'
import { eventValidator } from './event-validator.ts'
import { bucketsOf, judgeRecords } from './judge-records.ts'
import { readRecord } from './read-record.ts'
import { SeenIndex } from './seen-index.ts'

const stream = sightings()
const validate = eventValidator(stream)
const nowMs = Date.parse('2026-01-01T12:00:00Z')
const seenBucketMs = 60_000
const record = (id: string, { at = nowMs, bird = 'owl' }: { at?: number; bird?: string } = {}) =>
  readRecord({ value: { id, bird, seenAt: at }, origin: { url: 'u', page: 0, index: 0 }, bytes: () => Buffer.from(id), isUtf8: true }, { stream, validate, clockMs: nowMs })
const refused = (bytes: string) => readRecord({ value: null, origin: { url: 'u', page: 0, index: 0 }, bytes: () => Buffer.from(bytes), isUtf8: true }, { stream, validate, clockMs: nowMs })

function judge(records: ReturnType<typeof record>[], { watermark = null, index = new SeenIndex(1_000), isBackfill = false }: { watermark?: number | null; index?: SeenIndex; isBackfill?: boolean } = {}) {
  const judged = judgeRecords(records, { watermark, isBackfill, find: (id) => index.find(id), seenBucketMs, nowMs })
  for (const { seen } of judged) if (seen) index.add(seen.bucket, seen.id, seen.content)
  return judged.map(({ verdict }) => verdict)
}

describe('judgeRecords', () => {
  it('publishes what is new', () => {
    expect(judge([record('a'), record('b')])).toEqual(['published', 'published'])
  })

  it('knows an id again, of an earlier page and of the same one', () => {
    const index = new SeenIndex(1_000)
    expect(judge([record('a'), record('a')], { index })).toEqual(['published', 'repeated'])
    expect(judge([record('a'), record('b')], { index })).toEqual(['repeated', 'published'])
  })

  it('keeps another content of a known id apart, once for each content', () => {
    const index = new SeenIndex(1_000)
    expect(judge([record('a'), record('a', { bird: 'crow' }), record('a', { bird: 'crow' }), record('a', { bird: 'wren' })], { index })).toEqual(['published', 'revised', 'repeated', 'revised'])
    expect(judge([record('a'), record('a', { bird: 'crow' }), record('a', { bird: 'wren' })], { index })).toEqual(['repeated', 'repeated', 'repeated'])
  })

  it('knows an id again whose event has moved to another time', () => {
    const index = new SeenIndex(1_000)
    judge([record('a')], { index })
    expect(judge([record('a', { at: nowMs - 300_000 })], { index })).toEqual(['revised'])
  })

  it('calls new events late that are behind the watermark, not at it', () => {
    expect(judge([record('a', { at: nowMs - 1 }), record('b', { at: nowMs })], { watermark: nowMs })).toEqual(['late', 'published'])
  })

  it('asks whether it knows an event before whether it is late', () => {
    const index = new SeenIndex(1_000)
    judge([record('a', { at: nowMs - 5 })], { index })
    expect(judge([record('a', { at: nowMs - 5 })], { index, watermark: nowMs })).toEqual(['repeated'])
  })

  it('knows a late event again', () => {
    const index = new SeenIndex(1_000)
    expect(judge([record('a', { at: nowMs - 5 })], { index, watermark: nowMs })).toEqual(['late'])
    expect(judge([record('a', { at: nowMs - 5 })], { index, watermark: nowMs })).toEqual(['repeated'])
  })

  it('keeps what a backfill finds as late, whatever the watermark is', () => {
    const index = new SeenIndex(1_000)
    judge([record('a')], { index })
    expect(judge([record('a'), record('a', { bird: 'crow' }), record('b'), refused('x')], { index, watermark: nowMs - 5_000, isBackfill: true })).toEqual(['repeated', 'revised', 'late', 'rejected'])
  })

  it('rejects the same bytes once', () => {
    const index = new SeenIndex(1_000)
    expect(judge([refused('x'), refused('x'), refused('y')], { index })).toEqual(['rejected', 'repeated', 'rejected'])
    expect(judge([refused('x')], { index })).toEqual(['repeated'])
  })
})

describe('bucketsOf', () => {
  it('names the buckets of the events with their neighbours, and those of rejected records by our clock', () => {
    expect([...bucketsOf([record('a'), record('b'), refused('x')], { seenBucketMs, nowMs })]).toEqual([
      '2026-01-01T11:59:00.000Z', '2026-01-01T12:00:00.000Z', '2026-01-01T12:01:00.000Z', 'rejected 2026-01-01T11:59:00.000Z', 'rejected 2026-01-01T12:00:00.000Z',
    ])
  })
})
