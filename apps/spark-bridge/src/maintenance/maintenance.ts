import type { RecountStore } from '@millrace/cassandra'
import { systemClock, type Clock } from '@millrace/service'
import { parseQueryName } from '@millrace/spark-connect'
import type { Generations, QueryServer } from '../ports.ts'
import type { ReplayDesk, ReplaysSwept } from '../replays/replay-desk.ts'
import { checkpointsRemoved } from '../spark-bridge.signals.ts'
import type { CheckpointFolders } from './checkpoint-folders.ts'
import { checkpointsAmong, unusedCheckpoints } from './unused-checkpoints.ts'

export interface MaintenanceOptions {
  readonly server: Pick<QueryServer, 'active'>
  readonly generations: Pick<Generations, 'list'>
  readonly folders: CheckpointFolders
  readonly recounts: Pick<RecountStore, 'sweep'>
  readonly replays: Pick<ReplayDesk, 'sweep'>
  readonly clock?: Clock
}

export interface MaintenanceReport {
  readonly checkpoints: {
    /** Names of the folders. */
    readonly removed: readonly string[]
    readonly kept: number
    /** Of what was removed. */
    readonly bytes: number
  }
  /** Entries of the queue that led to no open recount. Recounts themselves expire after thirty days. */
  readonly recounts: { readonly removed: number }
  /** Replays that nobody has promoted within a day, and entries of the queue that led to no open one. */
  readonly replays: ReplaysSwept
}

const hourMs = 3_600_000

/** Removes what nothing needs any more. What runs is asked for first: without that knowledge nothing is removed. */
export class Maintenance {
  readonly #options: Required<MaintenanceOptions>

  constructor(options: MaintenanceOptions) {
    this.#options = { clock: systemClock, ...options }
  }

  /** With `dryRun` it only says what it would remove. Throws while Spark or Cassandra cannot be asked. */
  async run({ dryRun }: { readonly dryRun: boolean }): Promise<MaintenanceReport> {
    const { server, generations, folders, recounts, replays, clock } = this.#options
    const active = (await server.active()).flatMap(({ name }) => parseQueryName(name) ?? [])
    const checkpoints = checkpointsAmong(await folders.list())
    const known = new Map<string, Awaited<ReturnType<Generations['list']>>>()
    for (const label of new Set(checkpoints.map(({ stream }) => stream))) known.set(label, await generations.list(streamOf(label)))
    const removed = unusedCheckpoints({ checkpoints, generations: known, active, now: clock.now() }).map(({ name }) => name).sort()
    let bytes = 0
    for (const name of removed) {
      bytes += await folders.size(name)
      if (!dryRun) await folders.remove(name)
    }
    if (removed.length > 0 && !dryRun) checkpointsRemoved({ count: removed.length, bytes, names: removed.join(', ') })
    return { checkpoints: { removed, kept: checkpoints.length - removed.length, bytes }, recounts: { removed: await recounts.sweep(clock.now() - hourMs, { dryRun }) }, replays: await replays.sweep({ dryRun }) }
  }
}

/** Of `trades.v1`. The stream may be in the catalogue no more. */
const streamOf = (label: string) => ({ name: label.replace(/\.v\d+$/, ''), version: Number(/\d+$/.exec(label)?.[0]) })
