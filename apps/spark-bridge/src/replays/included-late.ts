import { included, type EventRange, type Generation, type Inclusion, type InclusionStore } from '@millrace/cassandra'
import { ledgerBucketMs, streamLabel, type StreamDeclaration } from '@millrace/stream-kit'
import { ReplayError } from './replay.errors.ts'

/** They travel with the plan to Spark. */
const most = { events: 100_000, bytes: 67_108_864 } as const

/** The late events of a range that readers' windows count, by id: what a generation that takes the place of others must count, too. */
export async function includedLate(stream: StreamDeclaration, range: EventRange, { generations, inclusions }: { readonly generations: readonly Generation[]; readonly inclusions: Pick<InclusionStore, 'chosen'> }): Promise<ReadonlyMap<string, Inclusion>> {
  const promoted = new Set(generations.filter(({ promotedAt }) => promotedAt !== undefined).map(({ generation }) => generation))
  const found: Inclusion[] = []
  let bytes = 0
  if (promoted.size === 0) return new Map()
  for await (const one of inclusions.chosen(stream, range)) {
    if (!promoted.has(one.generation)) continue
    found.push(one)
    bytes += one.value.length
    if (found.length > most.events || bytes > most.bytes) throw new ReplayError('replay_too_large', `reading the included events of ${streamLabel(stream)}: there are more than ${most.events}, or ${most.bytes / 1_048_576} MiB of them. Ask for a shorter range.`)
  }
  return included(found, generations)
}

/** How many events there are by the first instant of their hour. */
export function countByHour(events: Iterable<{ readonly eventTime: number }>): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { eventTime } of events) {
    const hour = Math.floor(eventTime / ledgerBucketMs) * ledgerBucketMs
    counts[hour] = (counts[hour] ?? 0) + 1
  }
  return counts
}
