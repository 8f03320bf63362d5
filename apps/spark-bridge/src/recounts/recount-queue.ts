import { hasEnded, type Recount, type RecountStore } from '@millrace/cassandra'
import { systemClock, type Clock } from '@millrace/service'
import { MillraceError, streamLabel, type Catalogue, type StreamDeclaration } from '@millrace/stream-kit'
import { OneByOne } from '../one-by-one.ts'
import { droppedMissed, recountDifferent, recountEqual, recountFailed, recountPostponed, recountQueueHeld } from '../spark-bridge.signals.ts'
import { isOfDropped } from './dropped-recounts.ts'
import { recountStream, type RecountSurroundings } from './recount-stream.ts'
import { RecountError } from './recount.errors.ts'

export interface RecountQueueOptions {
  readonly catalogue: Catalogue
  readonly store: RecountStore
  readonly around: RecountSurroundings
  readonly clock?: Clock
}

/** What is away comes back within a few minutes, or a person has to look. */
const mostAttempts = 10

/**
 * Does the recounts that are entered, one after the other, in the order of their entry. A recount only reads, so one that
 * was running when its bridge died is begun again; the store, not this process, knows which there are.
 */
export class RecountQueue {
  readonly #options: Required<RecountQueueOptions>
  readonly #work: OneByOne<Recount>

  constructor(options: RecountQueueOptions) {
    this.#options = { clock: systemClock, ...options }
    const { store, clock } = this.#options
    this.#work = new OneByOne({
      clock,
      next: async () => (await store.open())[0],
      work: (recount) => this.#do(recount),
      held: (error) => { recountQueueHeld({ code: error.code, error }) },
      postponed: ({ id, stream }, error) => { recountPostponed({ recount: id, stream, code: error.code, error }) },
    })
  }

  /** Begins when `ready` has settled, or after a moment without it. A bug is a rejection that nobody handles: it ends the process. */
  open(ready?: Promise<unknown>): void {
    this.#work.open(ready)
  }

  /** A recount has been entered. */
  refresh(): void {
    this.#work.refresh()
  }

  /** The recount in hand stays open: the next bridge begins it again. */
  async close(): Promise<void> {
    const closing = this.#work.close()
    this.#options.around.counter.close()
    await closing
  }

  /** One attempt at a recount, and what is written of it. What keeps it from being written keeps it open. */
  async #do(entered: Recount): Promise<void> {
    const ended = await this.#attempt({ ...entered, state: 'running', attempts: entered.attempts + 1 })
    if (!hasEnded(ended)) return
    await this.#options.store.save(ended)
    this.#tell(ended)
  }

  /** The recount as it ended. Throws what may pass by itself. */
  async #attempt(recount: Recount): Promise<Recount> {
    const { catalogue, store, around, clock } = this.#options
    const stream = catalogue.find(recount.stream, recount.version)
    const ended = (outcome: Partial<Recount>): Recount => ({ ...recount, ...outcome, endedAt: clock.now() })
    if (!stream) return ended({ state: 'abandoned', error: { code: 'recount_stream_withdrawn', message: `The stream ${recount.stream}.v${recount.version} is not in the catalogue any more.` } })
    if (recount.attempts > mostAttempts) return ended({ state: 'failed', error: { code: 'recount_given_up', message: `recounting ${streamLabel(stream)}: begun ${mostAttempts} times without coming to an end. The log of spark-bridge says why.` } })
    await store.save(recount)
    try {
      const scope = { from: recount.from, offsets: recount.offsets, generation: recount.generation }
      const outcome = await recountStream(recount, stream, around, async (found) => {
        Object.assign(scope, found)
        await store.save({ ...recount, ...found })
      })
      return ended({ ...scope, ...outcome, state: 'succeeded' })
    } catch (error) {
      if (this.#work.signal.aborted || (error instanceof MillraceError && isPassing(error))) throw error
      return ended({ state: 'failed', error: told(error, stream) })
    }
  }

  #tell({ id, stream, version, state, verdict, figures, differences, from, to, error }: Recount): void {
    const fields = { recount: id, stream: streamLabel({ name: stream, version }), state, from: new Date(from).toISOString(), to: new Date(to).toISOString(), ...figures }
    if (verdict === 'equal') recountEqual(fields)
    else if (verdict === 'different') {
      const first = differences.slice(0, 3).map(({ view, group, windowStart, kind }) => `${[view, ...Object.values(group)].join(' ')} ${windowStart} (${kind})`).join(', ')
      recountDifferent({ ...fields, first })
      if (isOfDropped(id)) droppedMissed({ ...fields, first, windows: figures.compared - figures.equal })
    }
    else recountFailed({ ...fields, code: error?.code, error: error?.message })
  }
}

/** Events that left the topic under the batch: the next one begins later. All else is as its own library says. */
const isPassing = ({ code, retry }: MillraceError): boolean => retry !== 'never' || code === 'spark_data_loss'

/** A fault of the program ends this recount, not the bridge, which the streams need. */
function told(error: unknown, stream: StreamDeclaration): Recount['error'] {
  if (error instanceof MillraceError) return { code: error.code, message: error.message }
  const broken = new RecountError('recount_broken', `recounting ${streamLabel(stream)}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  return { code: broken.code, message: broken.message }
}
