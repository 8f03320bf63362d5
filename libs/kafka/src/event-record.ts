import { eventTopic, type EventValues, type StreamDeclaration } from '@millrace/stream-kit'
import { eventId } from './event-id.ts'
import type { WireRecord } from './wire-record.ts'

export interface EventRecordContext {
  /** The run that published it. */
  readonly run: string
  readonly traceparent?: string
  /** The event's id where the caller has it already. */
  readonly id?: string
}

/**
 * One event on the topic `<stream>.v<version>`.
 *
 *     key      ci                                the key field as text
 *     value    {"id":"ci1","network":"ci","magnitude":3.1,"depthKm":8.2,"place":"…","occurredAt":1517443200000}
 *     headers  ce_specversion  1.0
 *              ce_id           q5mZ0mC8u0m1o1yqk6v2Gw        see eventId
 *              ce_source       /millrace/earthquakes
 *              ce_type         earthquakes.v1
 *              ce_time         2018-02-01T00:00:00.000Z      the event time
 *              content-type    application/json
 *              run             0197…
 *              traceparent     00-…                          where there is one
 *
 * Instants are epoch milliseconds, an absent optional is an absent key.
 */
export function eventRecord(stream: StreamDeclaration, event: EventValues, { run, traceparent, id = eventId(stream, event) }: EventRecordContext): Required<Omit<WireRecord, 'partition'>> {
  return {
    key: Buffer.from(String(event[stream.key])),
    value: Buffer.from(JSON.stringify(event)),
    headers: {
      ce_specversion: '1.0',
      ce_id: id,
      ce_source: `/millrace/${stream.name}`,
      ce_type: eventTopic(stream),
      ce_time: new Date(Number(event[stream.eventTime])).toISOString(),
      'content-type': 'application/json',
      run,
      ...(traceparent !== undefined && { traceparent }),
    },
  }
}
