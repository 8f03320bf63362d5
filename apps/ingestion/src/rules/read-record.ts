import { hash } from 'node:crypto'
import { eventId, type LetterOrigin } from '@millrace/kafka'
import { normaliseEvent, type EventValues, type StreamDeclaration } from '@millrace/stream-kit'
import { reasonOf } from '../ingestion.errors.ts'
import type { EventValidator } from './event-validator.ts'
import type { SourceRecord } from './source-record.ts'

export interface RecordContext {
  readonly stream: StreamDeclaration
  readonly validate: EventValidator
  /** The source's clock as the page's answer shows it, or ours. */
  readonly clockMs: number
}

export interface SourceItem {
  readonly value: unknown
  readonly origin: LetterOrigin
  readonly bytes: () => Buffer
  /** Whether its bytes are text at all; the value has U+FFFD for those that are not. */
  readonly isUtf8: boolean
}

/** An event must leave room for others in a page, and fit a message of Kafka with its headers. */
export const maxEventBytes = 262_144

/** Reads one record: the event it is, or why it can be none. A function of the record and the clock alone. */
export function readRecord({ value, origin, bytes, isUtf8 }: SourceItem, { stream, validate, clockMs }: RecordContext): SourceRecord {
  const refused = (reason: string, detail: string, eventTime: number | null): SourceRecord => {
    const digest = hash('sha256', bytes(), 'buffer')
    return { kind: 'refused', reason, detail, id: digest.toString('base64url', 0, 16), content: digest.toString('base64url', 16, 22), eventTime, origin, bytes }
  }
  if (!isUtf8) return refused('encoding', 'its bytes are not UTF-8', null)
  let event: EventValues | null
  try {
    event = normaliseEvent(stream.event, stream.source.toEvent(value))
  } catch (error) {
    return refused('unreadable', `toEvent failed: ${reasonOf(error)}`, null)
  }
  if (event === null) return refused('unreadable', 'toEvent gave no object', null)

  const eventTime = event[stream.eventTime]
  const readableTime = typeof eventTime === 'number' && Math.abs(eventTime) <= 8.64e15 ? Math.trunc(eventTime) : null
  const problem = validate(event)
  if (problem !== null) return refused('schema', problem, inRange(readableTime))
  if (readableTime === null) return refused('schema', `/${stream.eventTime} must be an instant`, null)

  const text = JSON.stringify(event)
  if (Buffer.byteLength(text) > maxEventBytes) return refused('too-large', `the event has ${Buffer.byteLength(text)} bytes, more than ${maxEventBytes}`, readableTime)
  const aheadMs = readableTime - clockMs
  if (aheadMs > stream.clockToleranceMs) {
    return refused('future', `${stream.eventTime} is ${Math.round(aheadMs / 1_000)} s ahead of the source's clock (${new Date(clockMs).toISOString()}), more than the tolerance of ${stream.clockToleranceMs / 1_000} s`, readableTime)
  }
  return { kind: 'candidate', event, id: eventId(stream, event), content: hash('sha256', text, 'base64url').slice(0, 8), eventTime: readableTime, origin, bytes }
}

/** Years beyond 9999 have a time that can be read, but no hour that sorts. */
const inRange = (ms: number | null): number | null => (ms !== null && ms >= -62_135_596_800_000 && ms <= 253_402_300_799_999 ? ms : null)
