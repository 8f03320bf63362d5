import { eventTopic, type StreamDeclaration } from '@millrace/stream-kit'
import type { EventTopics } from '../ports.ts'

/**
 * From which window start on a generation that is built now has seen every event: the first retained event time plus the
 * lateness, over the partitions whose log no longer begins at 0. Null: it has seen all there ever was.
 *
 * `highest` is the latest event time that ingestion has accepted: what a partition without any record left must do with.
 */
export async function generationFloor(stream: StreamDeclaration, topics: EventTopics, highest: number | null): Promise<number | null> {
  const topic = eventTopic(stream)
  const ends = await topics.endOffsets(topic)
  const begins = await topics.beginningOffsets(topic)
  const floors: number[] = []
  for (const [partition, begin] of Object.entries(begins)) {
    if (begin === 0n) continue
    const isEmpty = begin >= (ends[Number(partition)] ?? 0n)
    const [first] = isEmpty ? [] : await topics.readRange(topic, Number(partition), begin, begin + 1n)
    const time = (first?.value ? eventTimeIn(first.value, stream.eventTime) : null) ?? highest
    if (time !== null) floors.push(time + stream.latenessMs)
  }
  return floors.length === 0 ? null : Math.max(...floors)
}

/** Only ingestion writes the topic, so the first record is an event; one that is none tells nothing about time. */
function eventTimeIn(value: Buffer, field: string): number | null {
  try {
    const time: unknown = (JSON.parse(value.toString()) as Record<string, unknown> | null)?.[field]
    return typeof time === 'number' ? time : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
