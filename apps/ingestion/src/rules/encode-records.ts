import type { RunRange } from '@millrace/cassandra'
import { eventRecord, letterRecord, type WireRecord } from '@millrace/kafka'
import { deadLetterTopic, eventTopic, lateTopic, type StreamDeclaration } from '@millrace/stream-kit'
import type { Judged } from './judge-records.ts'
import { letterOf } from './letter-of.ts'

/** A judged record with what is sent for it. */
export interface Encoded {
  readonly judged: Judged
  readonly outgoing: { readonly topic: string; readonly record: WireRecord; readonly bytes: number } | null
}

export interface EncodeContext {
  readonly stream: StreamDeclaration
  readonly run: string
  readonly watermark: number | null
  /** Of a backfill. */
  readonly range: RunRange | null
}

/** What each record becomes on which topic; a repeated one becomes nothing. */
export function encodeRecords(all: readonly Judged[], { stream, run, watermark, range }: EncodeContext): Encoded[] {
  const topics = { event: eventTopic(stream), late: lateTopic(stream), dead: deadLetterTopic(stream) }
  return all.map((judged) => {
    if (judged.verdict === 'repeated') return { judged, outgoing: null }
    if (judged.verdict === 'published') return { judged, outgoing: sized(topics.event, eventRecord(stream, judged.record.event, { run, id: judged.record.id })) }
    return { judged, outgoing: sized(judged.verdict === 'late' ? topics.late : topics.dead, letterRecord(letterOf(judged, { run, watermark, range }))) }
  })
}

const sized = (topic: string, record: WireRecord) => ({ topic, record, bytes: sizeOf(record) })

/** Bytes of a record in a message, a little more than it takes. */
export function sizeOf({ key, value, headers = {} }: WireRecord): number {
  let bytes = key.length + value.length + 20
  for (const name in headers) bytes += name.length + Buffer.byteLength(headers[name] ?? '') + 2
  return bytes
}
