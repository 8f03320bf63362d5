import type { QueryKey } from '@millrace/spark-connect'
import type { Generation } from '../ports.ts'
import type { CheckpointFolder } from './checkpoint-folders.ts'

/** A checkpoint of ours: its name says whose it is. */
export interface Checkpoint extends CheckpointFolder {
  /** `trades.v1` */
  readonly stream: string
  readonly generation: number
}

export interface CheckpointQuestion {
  readonly checkpoints: readonly Checkpoint[]
  /** Every generation that is known, by `trades.v1`. */
  readonly generations: ReadonlyMap<string, readonly Pick<Generation, 'generation' | 'state' | 'checkpoint'>[]>
  /** The queries that run now. */
  readonly active: readonly Pick<QueryKey, 'stream' | 'generation'>[]
  readonly now: number
}

/** Younger ones may be those of a generation that was allocated a moment ago. */
const leastAgeMs = 3_600_000

/** Those whose names are as a bridge gives them: stream, generation, random digits (`trades.v1.g3-0badcafe`). */
export function checkpointsAmong(folders: readonly CheckpointFolder[]): Checkpoint[] {
  return folders.flatMap((folder) => {
    const [, stream, generation] = /^([a-z0-9-]+\.v\d+)\.g(\d+)-[0-9a-f]{8}$/.exec(folder.name) ?? []
    return stream === undefined ? [] : [{ ...folder, stream, generation: Number(generation) }]
  })
}

/**
 * The checkpoints that no query needs: of a generation that is neither served nor being built, whose query does not run,
 * and in which nothing was written for an hour.
 */
export function unusedCheckpoints({ checkpoints, generations, active, now }: CheckpointQuestion): Checkpoint[] {
  return checkpoints.filter(({ name, stream, generation, writtenAt }) => {
    const isWanted = (generations.get(stream) ?? []).some((known) => known.state !== 'retired' && nameIn(known.checkpoint) === name)
    const isRunning = active.some((query) => query.stream === stream && query.generation === generation)
    return !isWanted && !isRunning && writtenAt <= now - leastAgeMs
  })
}

const nameIn = (checkpoint: string): string | undefined => checkpoint.split('/').at(-1)
