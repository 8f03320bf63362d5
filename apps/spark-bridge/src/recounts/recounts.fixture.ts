import { hasEnded, RecountStore, type ReadWindow, type Recount } from '@millrace/cassandra'
import type { ClaimedRequest, RequestKeys } from '@millrace/service'
import type { RecountedWindow, SparkError } from '@millrace/spark-connect'
import type { StreamDeclaration, ViewDeclaration } from '@millrace/stream-kit'
import { ServedTables, type ServedRange, type ServedWindows } from './served-windows.ts'
import { WindowCounter, type CountedRange } from './window-counter.ts'

/** The table of recounts and its queue, in memory. */
export class InMemoryRecountStore extends RecountStore {
  readonly recounts = new Map<string, Recount>()
  readonly queue: { id: string; createdAt: number }[] = []
  /** Every state that was saved, in order. */
  readonly saved: Recount[] = []

  override create(recount: Recount): Promise<void> {
    if (!this.queue.some(({ id }) => id === recount.id)) this.queue.push({ id: recount.id, createdAt: recount.createdAt })
    if (!this.recounts.has(recount.id)) this.recounts.set(recount.id, recount)
    return Promise.resolve()
  }

  override find(id: string): Promise<Recount | null> {
    return Promise.resolve(this.recounts.get(id) ?? null)
  }

  override save(recount: Recount): Promise<void> {
    if (!this.recounts.has(recount.id)) throw new Error(`nobody has entered recount ${recount.id}`)
    this.recounts.set(recount.id, recount)
    this.saved.push(recount)
    if (hasEnded(recount)) this.#close(recount.id)
    return Promise.resolve()
  }

  override open(): Promise<Recount[]> {
    return Promise.resolve(this.queue.sort((a, b) => a.createdAt - b.createdAt).flatMap(({ id }) => { const found = this.recounts.get(id); return found && !hasEnded(found) ? [found] : [] }))
  }

  override sweep(before: number, { dryRun = false } = {}): Promise<number> {
    const idle = this.queue.filter(({ id, createdAt }) => { const found = this.recounts.get(id); return createdAt < before && (!found || hasEnded(found)) })
    if (!dryRun) for (const { id } of idle) this.#close(id)
    return Promise.resolve(idle.length)
  }

  #close(closed: string): void {
    this.queue.splice(this.queue.findIndex(({ id }) => id === closed), 1)
  }
}

export class InMemoryRequestKeys implements RequestKeys {
  readonly entries = new Map<string, ClaimedRequest>()

  find(caller: string, key: string): Promise<ClaimedRequest | null> {
    return Promise.resolve(this.entries.get(`${caller} ${key}`) ?? null)
  }

  claim(entry: ClaimedRequest): Promise<ClaimedRequest> {
    const name = `${entry.caller} ${entry.key}`
    const holds = this.entries.get(name) ?? entry
    this.entries.set(name, holds)
    return Promise.resolve(holds)
  }
}

/** A topic that somebody has counted by hand. */
export class CounterTwin extends WindowCounter {
  readonly windowsOf = new Map<string, RecountedWindow[]>()
  /** What each view was asked for, in order. */
  readonly asked: (CountedRange & { readonly view: string })[] = []
  /** Thrown by the next calls, one each. */
  readonly failures: (SparkError | Error)[] = []
  /** Resolved when a counting is to go on; none: at once. */
  gate: Promise<unknown> = Promise.resolve()
  isClosed = false

  override async *windows(_: StreamDeclaration, { name: view }: ViewDeclaration, range: CountedRange): AsyncGenerator<RecountedWindow, void, void> {
    this.asked.push({ ...range, view })
    await this.gate
    const failure = this.failures.shift()
    if (failure) throw failure
    yield* (this.windowsOf.get(view) ?? []).filter(({ start, end }) => start >= range.from && end <= range.to).sort((a, b) => a.start - b.start)
  }

  override close(): void {
    this.isClosed = true
  }
}

/** The tables of the views in memory. */
export class TablesTwin extends ServedTables {
  readonly byTime = new Map<string, ReadWindow[]>()
  readonly byGroup = new Map<string, ReadWindow[]>()
  /** Groups that were asked for one by one. */
  readonly groups: string[] = []

  override of(_: StreamDeclaration, { name, by }: ViewDeclaration): ServedWindows {
    const within = ({ from, to }: ServedRange) => ({ windowStart }: ReadWindow) => windowStart >= from && windowStart < to
    return {
      byTime: (range) => each((this.byTime.get(name) ?? []).filter(within(range))),
      byGroup: (group, range) => {
        this.groups.push(group.join(' '))
        return each((this.byGroup.get(name) ?? []).filter(within(range)).filter((row) => by.every((field, index) => String(row.group[field]) === group[index])))
      },
    }
  }
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T, void, void> {
  await Promise.resolve()
  yield* items
}
