import { noFigures, servedOf, type Recount, type RecountStore } from '@millrace/cassandra'
import { claimRequest, ProblemException, systemClock, type Clock, type RateLimit, type RequestKeys } from '@millrace/service'
import type { Catalogue, StreamDeclaration } from '@millrace/stream-kit'
import type { Generations, StoredProgress } from '../ports.ts'
import { recountEntered } from '../spark-bridge.signals.ts'
import type { RecountQueue } from './recount-queue.ts'
import { recountRange, type Range } from './recount-range.ts'

export interface RecountDeskOptions {
  readonly catalogue: Catalogue
  readonly store: RecountStore
  readonly keys: RequestKeys
  readonly generations: Pick<Generations, 'list'>
  readonly stored: StoredProgress
  readonly queue: Pick<RecountQueue, 'refresh'>
  /** New recounts a caller; repeats of a known key are free. */
  readonly limit: Pick<RateLimit, 'take'>
  readonly clock?: Clock
}

export interface RecountRequest {
  readonly stream: string
  readonly version?: number | undefined
  /** ISO 8601 */
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/** Enters recounts, each idempotency key once, and tells how they stand. */
export class RecountDesk {
  readonly #options: Required<RecountDeskOptions>

  constructor(options: RecountDeskOptions) {
    this.#options = { clock: systemClock, ...options }
  }

  /** The recount that this key stands for, entered now or before. */
  async request({ stream: name, version, from, to }: RecountRequest, { key, caller }: { key: string | undefined; caller: string }): Promise<Recount> {
    const { keys, limit, store, queue } = this.#options
    const stream = this.#stream(name, version)
    let prepared: Omit<Recount, 'id'> | undefined
    const prepare = async () => (prepared ??= await this.#prepare(stream, { ...(from !== undefined && { from: Date.parse(from) }), ...(to !== undefined && { to: Date.parse(to) }) }))
    const { id, isNew } = await claimRequest({ keys, limit, caller, key, asked: [name, version ?? null, from ?? null, to ?? null], admit: async () => { await prepare() } })
    const found = isNew ? null : await store.find(id)
    if (found) return found
    const entered: Recount = { id, ...(await prepare()) }
    await store.create(entered)
    if (isNew) recountEntered({ recount: id, stream: name, from: new Date(entered.from).toISOString(), to: new Date(entered.to).toISOString() })
    queue.refresh()
    // Who entered it first decides what it is about.
    return (await store.find(id)) ?? entered
  }

  /** The recount as it stands, or the problem 404. */
  async recount(id: string): Promise<Recount> {
    const recount = await this.#options.store.find(id)
    if (!recount) throw new ProblemException({ status: 404, code: 'recount_unknown', title: 'There is no such recount', detail: 'There is no recount of that id, or it was entered more than 30 days ago.' })
    return recount
  }

  #stream(name: string, version: number | undefined): StreamDeclaration {
    const { catalogue } = this.#options
    const stream = catalogue.find(name, version)
    if (!stream) throw new ProblemException({ status: 404, code: 'stream_unknown', title: 'There is no such stream', detail: `There is no such stream${version === undefined ? '' : ' in this version'}. There are: ${[...new Set(catalogue.streams.map((known) => known.name))].join(', ')}.` })
    return stream
  }

  async #prepare(stream: StreamDeclaration, asked: Partial<Range>): Promise<Omit<Recount, 'id'>> {
    const { generations, stored, clock } = this.#options
    const [current] = servedOf(await generations.list(stream))
    const finalUntil = current ? ((await stored.read(stream, current.generation))?.finalUntil ?? null) : null
    const { from, to } = recountRange({ stream, asked, finalUntil, floor: current?.floor ?? null })
    return {
      stream: stream.name, version: stream.version, generation: current?.generation ?? 0, state: 'queued', verdict: null, from, to,
      offsets: {}, figures: noFigures, differences: [], error: null, attempts: 0, createdAt: clock.now(), endedAt: null,
    }
  }
}
