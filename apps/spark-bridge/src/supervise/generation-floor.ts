import { firstTopic, type StreamStatus } from '@millrace/cassandra'
import { eventTopic, type StreamDeclaration } from '@millrace/stream-kit'
import type { EventTopics } from '../ports.ts'

/**
 * From which window start on a generation that is built now has seen every event: the first retained event time plus the
 * lateness, over the partitions that have lost events. Null: it has seen all there ever was.
 *
 * A partition has lost events when its log no longer begins at 0, or where the restored events do, or ends before what
 * ingestion has published: the topic was deleted and made again. Where no event is left to tell the time, the highest one
 * that was ever accepted must do. What a restore could not put back counts as lost, too, and while a restore is due,
 * everything does.
 */
export async function generationFloor(stream: StreamDeclaration, topics: EventTopics, status?: Pick<StreamStatus, 'highest' | 'publishedOffsets' | 'topic'>): Promise<number | null> {
  const topic = eventTopic(stream)
  const ends = await topics.endOffsets(topic)
  const begins = await topics.beginningOffsets(topic)
  const { floor, isReplaced, begins: restored } = status?.topic ?? firstTopic
  const floors: number[] = floor === null ? [] : [floor]
  if (isReplaced && status?.highest != null) floors.push(status.highest + 1)
  for (const [partition, begin] of Object.entries(begins)) {
    const end = ends[Number(partition)] ?? 0n
    const isWhole = begin <= BigInt(restored[partition] ?? 0) && end >= (status?.publishedOffsets[partition] ?? 0)
    if (isWhole) continue
    const [first] = begin >= end ? [] : await topics.readRange(topic, Number(partition), begin, begin + 1n)
    const time = (first?.value ? eventTimeIn(first.value, stream.eventTime) : null) ?? status?.highest ?? null
    if (time !== null) floors.push(time + stream.latenessMs)
  }
  return floors.length === 0 ? null : Math.max(...floors)
}

/** Only ingestion writes the topic, so a record is an event; one that is none tells nothing about time. */
export function eventTimeIn(value: Buffer, field: string): number | null {
  try {
    const time: unknown = (JSON.parse(value.toString()) as Record<string, unknown> | null)?.[field]
    return typeof time === 'number' ? time : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
