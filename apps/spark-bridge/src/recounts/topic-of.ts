import type { Offsets } from '@millrace/spark-connect'
import { eventTopic, type StreamDeclaration } from '@millrace/stream-kit'
import type { EventTopics, IngestionStatus } from '../ports.ts'
import { generationFloor } from '../supervise/generation-floor.ts'
import { offsetsOf } from '../supervise/offsets.ts'

/** What a batch over the topic reads, and from which window start on that is every event. */
export interface TopicContent {
  readonly begins: Offsets
  readonly ends: Offsets
  readonly floor: number | null
}

/** The beginnings first: the floor is then theirs, or a later one; events that go meanwhile fail the batch, which begins anew. */
export async function topicOf(stream: StreamDeclaration, { topics, ingestion }: { readonly topics: EventTopics; readonly ingestion: IngestionStatus }): Promise<TopicContent> {
  const begins = offsetsOf(await topics.beginningOffsets(eventTopic(stream)))
  const floor = await generationFloor(stream, topics, await ingestion.read(stream))
  return { begins, ends: offsetsOf(await topics.endOffsets(eventTopic(stream))), floor }
}
