import type { StreamDeclaration } from '@millrace/stream-kit'
import type { CassandraSession } from './cassandra-session.ts'
import { eventsBehind } from './events-behind.ts'
import { numberOf, textOf } from './row.ts'

/** How far a stream's windows are stored: all those that end by `finalUntil` have their last word. */
export interface Progress {
  /** Epoch milliseconds. */
  readonly finalUntil: number
  /** By partition of the stream's topic: the next event that is not yet in the stored windows. */
  readonly offsets: Readonly<Record<string, number>>
  readonly updatedAt: number
}

export interface PartitionProgress extends Omit<Progress, 'updatedAt'> {
  readonly generation: number
  /** Of the windows topic. */
  readonly partition: number
}

type Target = Pick<StreamDeclaration, 'name' | 'version' | 'partitions'>

const insert = 'INSERT INTO progress (stream, version, generation, partition, final_until, offsets, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?) USING TIMESTAMP ?'
const select = 'SELECT partition, final_until, offsets, updated_at FROM progress WHERE stream = ? AND version = ? AND generation = ?'

/**
 * The progress of a stream's windows: what has been stored is the least of what has been stored from each partition of
 * the windows topic, so it is computed when read, and no order of writers, restarts or moved partitions can get it wrong.
 */
export class ProgressStore {
  constructor(private readonly session: CassandraSession) {}

  /**
   * Everything before a marker in one partition of the windows topic has been stored. The row's version is the number of
   * events the marker stands for, which never falls: an older marker, read again or by a late writer, changes nothing.
   */
  async write({ name, version }: Pick<Target, 'name' | 'version'>, { generation, partition, finalUntil, offsets }: PartitionProgress): Promise<void> {
    await this.session.execute(insert, [name, version, generation, partition, finalUntil, JSON.stringify(offsets), Date.now(), eventsBehind(offsets)], { action: `writing the progress of ${name}` })
  }

  /** Undefined until a marker has come through every partition. */
  async read({ name, version, partitions }: Target, generation: number): Promise<Progress | undefined> {
    const rows = await this.session.execute(select, [name, version, generation], { action: `reading the progress of ${name}` })
    return leastOf(rows.map((row) => ({
      partition: numberOf(row, 'partition'),
      finalUntil: numberOf(row, 'final_until'),
      offsets: JSON.parse(textOf(row, 'offsets')) as Record<string, number>,
      updatedAt: numberOf(row, 'updated_at'),
    })), partitions)
  }
}

/** What all partitions have reached: the least watermark, and for each source partition the least offset. */
export function leastOf(reached: readonly (Progress & { readonly partition: number })[], partitions: number): Progress | undefined {
  const counted = reached.filter(({ partition }) => partition < partitions)
  const [first, ...rest] = counted
  if (!first || counted.length < partitions) return undefined
  return rest.reduce<Progress>(
    (least, other) => ({
      finalUntil: Math.min(least.finalUntil, other.finalUntil),
      offsets: Object.fromEntries(Object.keys({ ...least.offsets, ...other.offsets }).map((source) => [source, Math.min(least.offsets[source] ?? 0, other.offsets[source] ?? 0)])),
      updatedAt: Math.max(least.updatedAt, other.updatedAt),
    }),
    { finalUntil: first.finalUntil, offsets: first.offsets, updatedAt: first.updatedAt },
  )
}
