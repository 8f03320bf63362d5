import { randomUUID } from 'node:crypto'
import type { PageStore, StreamState, StreamStore } from '@millrace/cassandra'
import { hasPassed, systemClock, type Clock } from '@millrace/service'
import type { StreamDeclaration } from '@millrace/stream-kit'
import { IngestionError } from '../ingestion.errors.ts'
import { leaseTaken } from '../ingestion.signals.ts'
import { progressOf, type Progress } from '../rules/progress.ts'

export interface HoldOptions {
  readonly stream: StreamDeclaration
  readonly streams: StreamStore
  readonly pages: PageStore
  /** The name of this instance: what its last process held, its next one takes at once. */
  readonly instance: string
  readonly leaseMs: number
  readonly clock?: Clock
}

/** Given to `abort`, which otherwise makes an exception with a stack each time. */
const over = new Error('The work is over.')

/** What somebody finds who acts on a lease that is his no more. */
export const takenOver = ({ name }: Pick<StreamDeclaration, 'name'>): IngestionError => new IngestionError('lease_lost', `${name} was taken over by another instance.`, { fields: { stream: name } })

/** A stream as its holder knows it. */
export interface HeldState extends Omit<StreamState, 'cursor' | 'owner' | 'leaseUntil'> {
  readonly progress: Progress
}

/**
 * The lease on a stream, and the stream's state while it lasts.
 *
 * A lease is lost when the row has not changed for `leaseMs` by the watching instance's own clock: no two clocks are ever
 * compared. Safety does not rest on it: the epoch in each transaction shuts out an earlier holder, and an earlier life of
 * this one. After a failure it takes a new epoch from itself: a transaction that was given up may still come, and must not be
 * taken for a later one of the same page number.
 */
export class StreamHold {
  readonly #options: Required<HoldOptions>
  /** Of this process: two of one name must not take each other's lease for their own. */
  readonly #owner: string
  #epoch = 0
  #life = 0
  #state: HeldState | null = null
  #renewedAt = 0
  #watched: { readonly mark: string; readonly since: number } | null = null

  constructor(options: HoldOptions) {
    this.#options = { clock: systemClock, ...options }
    this.#owner = `${options.instance} ${randomUUID()}`
  }

  get isHeld(): boolean {
    return this.#state !== null
  }

  /** Throws unless the lease is held. */
  get state(): HeldState {
    if (!this.#state) throw new IngestionError('lease_lost', `${this.#options.stream.name}: the lease is not held.`)
    return this.#state
  }

  /** Another number whenever the state was read anew: what was derived from the old one may be wrong. */
  get life(): number {
    return this.#life
  }

  /** When the lease that is written now ends, epoch milliseconds: for people, see above. */
  leaseUntil(): number {
    return this.#options.clock.now() + this.#options.leaseMs
  }

  /** The state after a transaction of ours, which has renewed the lease too. */
  moved(state: HeldState): void {
    this.#state = state
    this.#renewedAt = this.#options.clock.now()
  }

  /** How far the source was read, where that is not written yet. */
  readTo(progress: Progress): void {
    this.#state = { ...this.state, progress }
  }

  /** Something failed: what is known may be wrong, and is read again by the next `take`. */
  forget(): void {
    this.#state = null
  }

  /** Holds the lease when it resolves, with the state as it is. Throws `lease_held` while another instance has it. */
  async take(): Promise<HeldState> {
    if (this.#state) return this.#state
    const { stream, streams } = this.#options
    const found = await streams.read(stream)
    if (!this.#isFree(found)) throw new IngestionError('lease_held', `${stream.name} is ingested by another instance.`, { fields: { stream: stream.name } })
    const epoch = found.epoch + 1
    if (found.pending !== null) await this.#carryOver(found.epoch, found.pending)
    if (!(await streams.takeLease(stream, found, { owner: this.#owner, leaseUntil: this.leaseUntil() }))) {
      throw new IngestionError('lease_held', `${stream.name} was taken by another instance just now.`, { fields: { stream: stream.name } })
    }
    this.#epoch = epoch
    this.#watched = null
    this.#renewedAt = this.#options.clock.now()
    leaseTaken({ stream: stream.name, epoch, pending: found.pending })
    return this.#adopt({ ...found, epoch })
  }

  /** Renews the lease now: throws where somebody else has it. */
  async confirm(): Promise<void> {
    await this.#renewNow()
  }

  /** Renews the lease when a third of it has passed. */
  async renew(): Promise<void> {
    const { clock, leaseMs } = this.#options
    if (!hasPassed(leaseMs / 3, { since: this.#renewedAt, now: clock.now() })) return
    await this.#renewNow()
  }

  /** Keeps the lease while something takes long. The signal aborts when it is lost all the same. */
  async during<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const [done, lost] = [new AbortController(), new AbortController()]
    const keeping = this.#keep(done.signal, lost)
    try {
      return await work(lost.signal)
    } finally {
      done.abort(over)
      await keeping
    }
  }

  /** Lets the lease go, so that another instance need not wait. */
  async release(): Promise<void> {
    if (!this.#state) return
    this.#state = null
    await this.#options.streams.renewLease(this.#options.stream, this.#epoch, 0)
  }

  #adopt(found: StreamState): HeldState {
    this.#life += 1
    const { cursor, ...rest } = found
    this.#state = { ...rest, progress: progressOf(this.#options.stream, cursor) }
    return this.#state
  }

  async #renewNow(): Promise<void> {
    const { stream, streams, clock } = this.#options
    const at = clock.now()
    if (!(await streams.renewLease(stream, this.#epoch, this.leaseUntil()))) {
      this.#state = null
      throw takenOver(stream)
    }
    this.#renewedAt = at
  }

  #isFree({ owner, epoch, leaseUntil, seq }: StreamState): boolean {
    if (owner === null || leaseUntil === 0 || owner.startsWith(`${this.#options.instance} `)) return true
    const [mark, now] = [`${epoch} ${leaseUntil} ${seq}`, this.#options.clock.now()]
    // A clock that was set back begins anew: a lease is not taken because of it.
    if (this.#watched?.mark !== mark || now < this.#watched.since) this.#watched = { mark, since: now }
    return now - this.#watched.since >= this.#options.leaseMs
  }

  /** A pending page always lies under the current epoch: it is copied there before the epoch becomes current. */
  async #carryOver(epoch: number, seq: number): Promise<void> {
    const { stream, pages } = this.#options
    const content = await pages.read(stream, { epoch, seq })
    if (!content) throw new IngestionError('page_missing', `${stream.name}: page ${seq} of epoch ${epoch} is pending, but not in the table pages. Look for it in a backup; only if it is lost for good, set pending to null: its records are then read from the source again.`, { fields: { stream: stream.name, epoch, seq } })
    await pages.write(stream, { epoch: epoch + 1, seq }, content)
  }

  async #keep(done: AbortSignal, lost: AbortController): Promise<void> {
    const { clock, leaseMs } = this.#options
    for (;;) {
      await clock.sleep(leaseMs / 3, done).catch((error: unknown) => { if (!done.aborted) throw error })
      if (done.aborted) return
      try {
        await this.#renewNow()
      } catch (error) {
        // Only a lease that is known to be lost stops the work; whether it can be renewed is found out by the work itself.
        if (error instanceof IngestionError) lost.abort(error)
      }
    }
  }
}
