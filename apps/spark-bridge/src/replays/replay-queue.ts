import { isOver, type Replay, type ReplayState, type ReplayStore } from '@millrace/cassandra'
import { MillraceError, streamLabel, type Catalogue, type StreamDeclaration } from '@millrace/stream-kit'
import { rangeGivenUp, replayPostponed, replayQueueHeld } from '../spark-bridge.signals.ts'
import type { ReplaySurroundings } from './build-range.ts'
import { OneByOne } from '../one-by-one.ts'
import { attemptReplay } from './replay-work.ts'
import { ReplayError } from './replay.errors.ts'
import { tellReplay } from './tell-replay.ts'

export interface ReplayQueueOptions {
  readonly catalogue: Catalogue
  readonly store: ReplayStore
  readonly around: ReplaySurroundings
}

/** What is away comes back within a few minutes, or a person has to look. */
const mostAttempts = 10
const inHand: readonly ReplayState[] = ['queued', 'running']

/**
 * Does the replays and inclusions that are entered, one after the other, in the order of their entry. One that was running
 * when its bridge died is begun again, as another generation: nobody knows what the first has still to come.
 */
export class ReplayQueue {
  readonly #options: ReplayQueueOptions
  readonly #queue: OneByOne<Replay>

  constructor(options: ReplayQueueOptions) {
    this.#options = options
    const { store, around: { clock } } = options
    this.#queue = new OneByOne<Replay>({
      clock,
      begin: () => this.#giveUpOrphans(),
      next: async () => (await store.open()).find(({ state }) => inHand.includes(state)),
      work: (replay) => this.#do(replay),
      held: (error) => { replayQueueHeld({ code: error.code, error }) },
      postponed: ({ id, stream }, error) => { replayPostponed({ replay: id, stream, code: error.code, error }) },
    })
  }

  open(ready?: Promise<unknown>): void {
    this.#queue.open(ready)
  }

  refresh(): void {
    this.#queue.refresh()
  }

  async close(): Promise<void> {
    this.#options.around.builder.close()
    await this.#queue.close()
  }

  /** One attempt, and what is written of it. Throws what may pass by itself. */
  async #do(entered: Replay): Promise<void> {
    const { catalogue, store, around } = this.#options
    const stream = catalogue.find(entered.stream, entered.version)
    const replay: Replay = { ...entered, state: 'running', attempts: entered.attempts + 1 }
    const failed = (state: 'failed' | 'abandoned', error: Replay['error']) => this.#save({ ...replay, state, error, endedAt: around.clock.now() })
    if (!stream) return failed('abandoned', { code: 'replay_stream_withdrawn', message: `The stream ${entered.stream}.v${entered.version} is not in the catalogue any more.` })
    if (replay.attempts > mostAttempts) return failed('failed', { code: 'replay_given_up', message: `replaying ${streamLabel(stream)}: begun ${mostAttempts} times without coming to an end. The log of spark-bridge says why.` })
    // Somebody has discarded it.
    if (!(await store.save(replay, inHand))) return
    let latest = replay
    try {
      const done = await attemptReplay(replay, stream, { ...around, signal: this.#queue.signal }, async (known) => {
        latest = known
        await store.save(known, inHand)
      })
      await this.#save(done)
    } catch (error) {
      if (this.#queue.signal.aborted || (error instanceof MillraceError && isPassing(error))) throw error
      await this.#giveUp(stream, latest.generation)
      await this.#save({ ...latest, state: 'failed', error: told(error, stream), endedAt: around.clock.now() })
    }
  }

  async #save(replay: Replay): Promise<void> {
    if (await this.#options.store.save(replay, inHand)) tellReplay(replay)
  }

  async #giveUp(stream: StreamDeclaration, generation: number | null): Promise<void> {
    const { generations } = this.#options.around
    const found = generation === null ? undefined : (await generations.read(stream)).generations.find((one) => one.generation === generation)
    if (found?.state === 'building') await generations.retire(stream, found.generation)
  }

  /** Ranges that a bridge before was building for nobody who still waits: it died, or somebody gave them up. */
  async #giveUpOrphans(): Promise<void> {
    const { catalogue, store, around: { generations } } = this.#options
    const open = await store.open()
    for (const stream of catalogue.streams) {
      const awaited = new Set(open.filter((replay) => replay.stream === stream.name && replay.version === stream.version && !isOver(replay)).map(({ generation }) => generation))
      for (const { generation, state, range } of (await generations.read(stream)).generations) {
        if (range === undefined || state !== 'building' || awaited.has(generation)) continue
        await generations.retire(stream, generation)
        rangeGivenUp({ stream: streamLabel(stream), generation })
      }
    }
  }
}

/** Events that left the topic under the batch, and another promotion in between: the next attempt begins later. All else is as its own library says. */
const isPassing = ({ code, retry }: MillraceError): boolean => retry !== 'never' || code === 'spark_data_loss' || code === 'cassandra_generation_moved'

/** A fault of the program ends this replay, not the bridge, which the streams need. */
function told(error: unknown, stream: StreamDeclaration): Replay['error'] {
  if (error instanceof MillraceError) return { code: error.code, message: error.message }
  const broken = new ReplayError('replay_broken', `replaying ${streamLabel(stream)}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  return { code: broken.code, message: broken.message }
}
