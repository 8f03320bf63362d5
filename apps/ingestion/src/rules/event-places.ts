import { deflateRawSync } from 'node:zlib'
import type { SeenRow } from '@millrace/cassandra'
import { partitionOf, type AppendedRecords, type TopicSend, type WireRecord } from '@millrace/kafka'
import { conditionFields, deadLetterTopic, eventTopic, lateTopic, type StreamDeclaration } from '@millrace/stream-kit'

/** What became of an event: where it lies on the topic, with the fields that its windows depend on; or the store that has it. */
type Place = readonly [partition: number, offset: number | null, ...values: unknown[]] | readonly ['late' | 'revised'] | null

/** A send as it was acknowledged. */
export interface AcknowledgedSend {
  readonly send: TopicSend
  readonly appended: readonly AppendedRecords[]
  readonly refused: readonly WireRecord[]
}

interface PlacesOptions {
  readonly sends: readonly AcknowledgedSend[]
  /** How often the topic was made anew before. */
  readonly incarnation?: number
  readonly deflate?: (text: string) => Buffer
}

/** The fields that decide in which windows an event counts; its event time is the first. */
export const placeFields = ({ eventTime, views }: Pick<StreamDeclaration, 'eventTime' | 'views'>): string[] =>
  [...new Set([eventTime, ...views.flatMap(({ by, where }) => [...by, ...(where ? conditionFields(where) : [])])])]

/**
 * The rows of seen ids with where each event has gone, for whoever follows one:
 *
 *     raw deflate of {"run":"…","fields":["tradedAt","symbol"],"places":[[1,4711,1517443200000,"ALDR"],["late"],null]}
 *
 * in the order of the row's ids; null for what is no event. Of a topic that was made anew it has `incarnation`, too.
 */
export function withPlaces(stream: StreamDeclaration, rows: readonly SeenRow[], { sends, incarnation = 0, deflate = deflateRawSync }: PlacesOptions): SeenRow[] {
  const fields = placeFields(stream)
  const places = new Map<string, Place>()
  let run = ''
  for (const { send, appended, refused } of sends) {
    const free = freeOffsets(appended)
    for (const record of send.messages) {
      const { key, value, headers = {} } = record
      run = headers['run'] ?? run
      if (send.topic === lateTopic(stream)) places.set(key.toString(), ['late'])
      else if (send.topic === deadLetterTopic(stream) && headers['reason'] === 'revised') places.set(key.toString(), places.get(key.toString()) ?? ['revised'])
      else if (send.topic === eventTopic(stream) && !refused.includes(record)) {
        const partition = partitionOf(key, stream.partitions)
        const event = JSON.parse(value.toString()) as Record<string, unknown>
        places.set(headers['ce_id'] ?? '', [partition, free.get(partition)?.shift() ?? null, ...fields.map((field) => event[field] ?? null)])
      }
    }
  }
  return rows.map((row) => ({ ...row, places: deflate(JSON.stringify({ run, fields, ...(incarnation > 0 && { incarnation }), places: idsIn(row).map((id) => places.get(id) ?? null) })) }))
}

/** By partition the offsets that a send has got, in order. */
function freeOffsets(appended: readonly AppendedRecords[]): Map<number, number[]> {
  const free = new Map<number, number[]>()
  for (const { partition, baseOffset, count } of appended) free.set(partition, [...(free.get(partition) ?? []), ...Array.from({ length: count }, (_, at) => Number(baseOffset) + at)])
  return free
}

const idBytes = 16
const idsIn = ({ ids }: SeenRow): string[] => Array.from({ length: ids.length / idBytes }, (_, at) => ids.toString('base64url', at * idBytes, (at + 1) * idBytes))
