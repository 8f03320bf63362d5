import type { ChosenEvent, EventRange, Generation, GenerationStore, InclusionStore } from '@millrace/cassandra'
import { encodeMarker, type TopicWriter } from '@millrace/kafka'
import { ServiceError, waitUntil, type Clock } from '@millrace/service'
import { planHash, windowPlan } from '@millrace/spark-connect'
import { streamLabel, windowTopic, type StreamDeclaration } from '@millrace/stream-kit'
import type { EventTopics, IngestionStatus, StoredProgress } from '../ports.ts'
import type { ServedTables } from '../recounts/served-windows.ts'
import type { TopicContent } from '../recounts/topic-of.ts'
import { countByHour } from './included-late.ts'
import type { RangeBuilder } from './range-builder.ts'
import { ReplayError } from './replay.errors.ts'

/** Everything outside of this process that replays read or change. */
export interface ReplaySurroundings {
  readonly generations: Pick<GenerationStore, 'read' | 'allocate' | 'promote' | 'retire'>
  readonly inclusions: Pick<InclusionStore, 'choose' | 'chosen' | 'late'>
  readonly stored: StoredProgress
  readonly ingestion: IngestionStatus
  readonly topics: EventTopics
  readonly markers: Pick<TopicWriter, 'send'>
  readonly builder: RangeBuilder
  readonly tables: ServedTables
  readonly clock: Clock
  /** Aborted when the bridge closes. */
  readonly signal?: AbortSignal
  readonly limits?: ReplayLimits
}

export interface ReplayLimits {
  readonly windows: number
  readonly differences: number
  readonly storedWithinMs: number
}

export interface BuildOrder {
  readonly kind: 'replay' | 'include' | 'carry'
  readonly range: EventRange
  readonly topic: TopicContent
  /** Late events that count already. */
  readonly included: readonly ChosenEvent[]
  /** Those that are to count from now on. */
  readonly chosen?: readonly ChosenEvent[]
}

/** The plan as it is declared: rows of a range stand beside those of the stream's query, so both must have the same. */
export const declaredPlan = (stream: StreamDeclaration): string => planHash(windowPlan(stream))

/**
 * Builds the windows of a range as a generation that nobody reads yet, on the way of all rows: windows topic, materializer,
 * Cassandra. In this order, so that it may stop anywhere: whoever goes on gives the generation up and builds another one.
 *
 * 1. The generation is entered with its range and the late events it counts by the hour: what the ledger will say.
 * 2. What it counts of them from now on is noted under its number. It holds if the generation is promoted, and not else.
 * 3. Spark puts the windows on the topic; then a marker goes to each of its partitions.
 * 4. When the marker has come through all of them, everything before it is stored, too.
 */
export async function buildRange(stream: StreamDeclaration, order: BuildOrder, around: ReplaySurroundings, begun: (generation: Generation) => Promise<void>): Promise<Generation> {
  const { kind, range, topic, included, chosen = [] } = order
  const counted = [...included, ...chosen]
  const generation = await around.generations.allocate(stream, { kind, planHash: declaredPlan(stream), checkpoint: '', range, included: countByHour(counted) })
  await begun(generation)
  await around.inclusions.choose(stream, generation.generation, chosen)
  await around.builder.build(stream, { ...topic, ...range, generation: generation.generation, included: counted.map(({ value }) => value.toString()) })
  await mark(stream, { generation: generation.generation, range, topic }, around)
  await untilStored(stream, generation.generation, around)
  return generation
}

async function mark(stream: StreamDeclaration, { generation, range, topic: { ends } }: { generation: number; range: EventRange; topic: TopicContent }, { markers }: ReplaySurroundings): Promise<void> {
  const offsets = Object.fromEntries(Object.entries(ends).map(([partition, offset]) => [partition, String(offset)]))
  const record = encodeMarker({ kind: 'progress', stream: stream.name, version: stream.version, generation, watermark: range.to, offsets })
  await markers.send({ topic: windowTopic(stream), messages: Array.from({ length: stream.partitions }, (_, partition) => ({ ...record, partition })) })
}

async function untilStored(stream: StreamDeclaration, generation: number, { stored, clock, signal, limits }: ReplaySurroundings): Promise<void> {
  const deadlineMs = limits?.storedWithinMs ?? 300_000
  try {
    await waitUntil(async () => (await stored.read(stream, generation)) !== undefined, { deadlineMs, everyMs: 250, clock, ...(signal && { signal }), what: `generation ${generation} of ${streamLabel(stream)} to be stored` })
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    throw new ReplayError('replay_not_stored', `building generation ${generation} of ${streamLabel(stream)}: its windows are on ${windowTopic(stream)}, and are not stored after ${deadlineMs / 1_000} s.`, { cause: error })
  }
}
