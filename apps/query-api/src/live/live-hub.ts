import { findLiveRoute, readLiveQuery, versionIn, type FoundRoute } from '@millrace/rest'
import { serviceProblem, type Clock } from '@millrace/service'
import { streamLabel, type Catalogue, type StreamDeclaration } from '@millrace/stream-kit'
import { Injectable, type MessageEvent, type OnModuleDestroy } from '@nestjs/common'
import type { Observable } from 'rxjs'
import { ForAWhile } from '../for-a-while.ts'
import { problem } from '../query-api.problems.ts'
import { liveReaders } from '../query-api.signals.ts'
import type { ServedGenerations } from '../served-generations.ts'
import type { StreamStates } from '../stores.ts'
import type { ViewRows } from '../view-rows.ts'
import { readPlace } from './live-events.ts'
import { LiveFeed } from './live-feed.ts'
import { LiveReader } from './live-reader.ts'

export interface LiveHubOptions {
  readonly catalogue: Catalogue
  readonly rows: ViewRows
  readonly generations: ServedGenerations
  readonly states: StreamStates
  readonly clock: Clock
  readonly everyMs: number
  readonly mostReaders: number
}

export interface LiveQuestion {
  /** As it came, still encoded. */
  readonly path: string
  readonly parameters: Readonly<Record<string, unknown>>
  readonly lastEventId: string | undefined
  readonly caller: string
  readonly correlationId: string
  /** Aborts when the connection is gone. */
  readonly signal: AbortSignal
}

/** The feeds that somebody follows: one a view or group, however many follow it, and none where nobody does. */
@Injectable()
export class LiveHub implements OnModuleDestroy {
  readonly #feeds = new Map<string, LiveFeed>()
  readonly #readersOf = new Map<string, number>()
  readonly #highest: ForAWhile<number | null>
  #isClosed = false

  constructor(private readonly options: LiveHubOptions) {
    this.#highest = new ForAWhile(options.everyMs, options.clock)
  }

  get #readers(): number {
    return [...this.#readersOf.values()].reduce((sum, readers) => sum + readers, 0)
  }

  /** The events of a new reader. Throws what libs/rest throws for a question that cannot be read, and what the store throws. */
  async open({ path, parameters, lastEventId, caller, correlationId, signal }: LiveQuestion): Promise<Observable<MessageEvent>> {
    const found = findLiveRoute(this.options.catalogue, path, versionIn(parameters))
    const { from } = readLiveQuery(parameters)
    const reader = new LiveReader({ from, place: readPlace(lastEventId), since: this.options.clock.now(), correlationId })
    this.#admit(caller)
    const key = JSON.stringify([found.route.path, found.group])
    const feed = this.#feedAt(key, found)
    const leave = (): void => {
      this.#countReader(caller, -1)
      reader.end()
      feed.leave(reader)
      this.#forget(key, feed)
    }
    if (signal.aborted) leave()
    else signal.addEventListener('abort', leave, { once: true })
    try {
      await feed.join(reader)
    } finally {
      this.#forget(key, feed)
    }
    return reader.events
  }

  onModuleDestroy(): void {
    this.#isClosed = true
    for (const feed of this.#feeds.values()) feed.close()
  }

  #admit(caller: string): void {
    const { mostReaders } = this.options
    if (this.#isClosed) throw serviceProblem('unavailable', { detail: 'The worker is stopping. Connect again.', retryAfterSeconds: 1 })
    if (this.#readers >= mostReaders) throw problem('live_full', { detail: `${mostReaders} connections follow live feeds, and no more may. Try again later.`, retryAfterSeconds: 10 })
    const most = Math.ceil(mostReaders / 2)
    if ((this.#readersOf.get(caller) ?? 0) >= most) throw serviceProblem('too_many_requests', { detail: `${most} connections of this caller follow live feeds, and no more may. Close one.`, retryAfterSeconds: 10 })
    this.#countReader(caller, 1)
  }

  #countReader(caller: string, by: 1 | -1): void {
    const count = (this.#readersOf.get(caller) ?? 0) + by
    if (count > 0) this.#readersOf.set(caller, count)
    else this.#readersOf.delete(caller)
    liveReaders({ readers: this.#readers })
  }

  #feedAt(key: string, found: FoundRoute): LiveFeed {
    const kept = this.#feeds.get(key)
    if (kept) return kept
    const feed = new LiveFeed(found, { ...this.options, highest: (stream) => this.#highestOf(stream) })
    this.#feeds.set(key, feed)
    return feed
  }

  #forget(key: string, feed: LiveFeed): void {
    if (feed.isIdle && this.#feeds.get(key) === feed) this.#feeds.delete(key)
  }

  #highestOf(stream: StreamDeclaration): Promise<number | null> {
    return this.#highest.get(streamLabel(stream), async () => (await this.options.states.read(stream))?.highestEventTime ?? null)
  }
}
