import { CassandraError, CassandraSession, LetterStore, type DeadLetter, type DeadPosition, type WindowRow } from '@millrace/cassandra'
import { decodeWindowTopicRecord } from '@millrace/kafka'
import { backOff, systemClock } from '@millrace/service'
import { streamLabel, windowTopic, type Catalogue, type StreamDeclaration } from '@millrace/stream-kit'
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common'
import { CATALOGUE } from './catalogue.provider.ts'
import { redeemFailed, windowsRedeemed } from './materializer.signals.ts'
import type { RefusedReason } from './sort-windows.ts'
import { WindowWriters } from './window-writers.ts'

const dayMs = 86_400_000
const pageSize = 500
const refused: RefusedReason = 'window-refused'

/**
 * Stores the windows that an older declaration has refused and today's accepts: the query of a new view may be running
 * before every materializer knows the view. Once, after the start. The letters stay; storing them again changes nothing.
 */
@Injectable()
export class RefusedWindows implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #stop = new AbortController()
  #work: Promise<void> = Promise.resolve()

  constructor(
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
    private readonly session: CassandraSession,
    private readonly letters: LetterStore,
    private readonly writers: WindowWriters,
  ) {}

  onApplicationBootstrap(): void {
    this.#work = this.#redeemAll()
  }

  /** Its requests end with the session, which closes at the same time. */
  async onApplicationShutdown(): Promise<void> {
    this.#stop.abort()
    await this.#work
  }

  /** How many windows of the stream were stored. Those older than the retention would be gone by now, and stay so. */
  async redeem(stream: StreamDeclaration): Promise<number> {
    const since = systemClock.now() - stream.retentionMs
    let count = 0
    for (let day = Math.floor(since / dayMs) * dayMs; day <= systemClock.now(); day += dayMs)
      for (let after: DeadPosition | null = null; ;) {
        const page: Awaited<ReturnType<LetterStore['dead']>> = await this.letters.dead(stream, { day: new Date(day).toISOString().slice(0, 10), limit: pageSize, after })
        const rows = page.letters.filter(({ reason, topic, receivedAt }) => reason === refused && topic === windowTopic(stream) && receivedAt >= since).flatMap((letter) => this.#rowsIn(stream, letter))
        await this.writers.of(stream).write(rows)
        count += rows.length
        if (!page.next || this.#isStopping()) break
        after = page.next
      }
    return count
  }

  async #redeemAll(): Promise<void> {
    const waits = backOff({ baseMs: 500, capMs: 10_000 })
    for (const waiting = [...this.catalogue.streams]; waiting[0] && !this.#isStopping();) {
      const [stream] = waiting
      try {
        await this.session.ready
        const count = await this.redeem(stream)
        if (count > 0) windowsRedeemed({ stream: streamLabel(stream), count })
        waiting.shift()
      } catch (error) {
        if (this.#isStopping()) return
        redeemFailed({ stream: streamLabel(stream), error })
        if (!(error instanceof CassandraError) || error.retry === 'never') return
        await systemClock.sleep(waits.next(), this.#stop.signal).catch((reason: unknown) => { if (!this.#isStopping()) throw reason })
      }
    }
  }

  #isStopping(): boolean {
    return this.#stop.signal.aborted
  }

  #rowsIn(stream: StreamDeclaration, { value }: DeadLetter): WindowRow[] {
    const content = decodeWindowTopicRecord(value)
    if (content.kind !== 'window') return []
    try {
      return [this.writers.of(stream).rowOf(content.window)]
    } catch (error) {
      if (error instanceof CassandraError && error.code === 'cassandra_window_refused') return []
      throw error
    }
  }
}
