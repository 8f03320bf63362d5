import { currentOf, noFigures, servedOf, type Recount, type RecountStore } from '@millrace/cassandra'
import { claimRequest, serviceProblem, systemClock, type Clock, type RateLimit, type RequestKeys } from '@millrace/service'
import type { Catalogue, StreamDeclaration } from '@millrace/stream-kit'
import type { Generations, StoredProgress } from '../ports.ts'
import { problem } from '../spark-bridge.problems.ts'
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
  readonly limit: Pick<RateLimit, 'take' | 'giveBack'>
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
    const { keys, limit, store, queue, clock } = this.#options
    const stream = this.#stream(name, version)
    let range: Promise<Scope> | undefined
    const scope = () => (range ??= this.#scope(stream, { ...(from !== undefined && { from: Date.parse(from) }), ...(to !== undefined && { to: Date.parse(to) }) }))
    const asked = [name, version ?? null, from ?? null, to ?? null]
    const { id, createdAt, isNew } = await claimRequest({ keys, limit, clock, caller, key, asked, admit: async () => { await scope() } })
    const found = isNew ? null : await store.find(id)
    if (found) return found
    const entered: Recount = {
      id, stream: stream.name, version: stream.version, state: 'queued', verdict: null, ...(await scope()),
      offsets: {}, figures: noFigures, differences: [], error: null, attempts: 0, createdAt, endedAt: null,
    }
    await store.create(entered)
    if (isNew) recountEntered({ recount: id, stream: name, from: new Date(entered.from).toISOString(), to: new Date(entered.to).toISOString() })
    queue.refresh()
    // Who entered it first decides what it is about.
    return (await store.find(id)) ?? entered
  }

  /** The recount as it stands, or the problem 404. */
  async recount(id: string): Promise<Recount> {
    const recount = await this.#options.store.find(id)
    if (!recount) throw problem('recount_unknown', { detail: 'There is no recount of that id, or it was entered more than 30 days ago.' })
    return recount
  }

  #stream(name: string, version: number | undefined): StreamDeclaration {
    const { catalogue } = this.#options
    const stream = catalogue.find(name, version)
    if (!stream) throw serviceProblem('stream_unknown', { detail: `There is no such stream${version === undefined ? '' : ' in this version'}. There are: ${[...new Set(catalogue.streams.map((known) => known.name))].join(', ')}.` })
    return stream
  }

  async #scope(stream: StreamDeclaration, asked: Partial<Range>): Promise<Scope> {
    const { generations, stored } = this.#options
    const current = currentOf(servedOf(await generations.list(stream)))
    const finalUntil = current ? ((await stored.read(stream, current.generation))?.finalUntil ?? null) : null
    return { ...recountRange({ stream, asked, finalUntil, floor: current?.floor ?? null }), generation: current?.generation ?? 0 }
  }
}

/** What a recount is about. */
type Scope = Range & Pick<Recount, 'generation'>
