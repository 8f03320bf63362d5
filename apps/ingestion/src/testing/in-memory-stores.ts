import { firstTopic, hasEnded, noCounts, PageStore, RunStore, SeenStore, StreamStore, type Counts, type PageKey, type Run, type RunKey, type SeenRow, type StreamMove, type StreamName, type StreamState, type Sweep, type Swept } from '@millrace/cassandra'

const fresh: StreamState = { epoch: 0, owner: null, leaseUntil: 0, seq: 0, pending: null, cursor: null, watermark: null, highest: null, publishedOffsets: {}, topic: firstTopic, isPaused: false, totals: noCounts }
const keyOf = ({ name, version }: StreamName) => `${name}.v${version}`

/** The streams table as lightweight transactions leave it. */
export class InMemoryStreamStore extends StreamStore {
  readonly rows = new Map<string, StreamState>()
  readonly bookRows = new Map<string, Map<string, Counts>>()
  /** How many transactions there were. */
  decisions = 0

  override read(stream: StreamName): Promise<StreamState> {
    return Promise.resolve(this.rows.get(keyOf(stream)) ?? fresh)
  }

  override books(stream: StreamName, buckets: readonly string[]): Promise<ReadonlyMap<string, Counts>> {
    const rows = this.bookRows.get(keyOf(stream))
    return Promise.resolve(new Map(buckets.map((bucket) => [bucket, rows?.get(bucket) ?? noCounts])))
  }

  override takeLease(stream: StreamName, from: Pick<StreamState, 'epoch' | 'pending' | 'seq'>, lease: { owner: string; leaseUntil: number }): Promise<boolean> {
    return this.#decide(stream, ({ epoch, seq, pending }) => epoch === from.epoch && seq === from.seq && pending === from.pending, { ...lease, epoch: from.epoch + 1 })
  }

  override renewLease(stream: StreamName, epoch: number, leaseUntil: number): Promise<boolean> {
    return this.#decide(stream, (row) => row.epoch === epoch, { leaseUntil })
  }

  override setPending(stream: StreamName, { epoch, seq }: { epoch: number; seq: number }): Promise<boolean> {
    return this.#decide(stream, (row) => row.epoch === epoch && row.seq === seq && row.pending === null, { pending: seq })
  }

  override async move(stream: StreamName, { epoch, seq, hasPage }: { epoch: number; seq: number; hasPage: boolean }, { books, booksTtlSeconds: _, ...move }: StreamMove): Promise<boolean> {
    if (Object.keys(books).length > 100) throw new Error('more than 100 books in one transaction')
    const applied = await this.#decide(stream, (row) => row.epoch === epoch && row.seq === seq && row.pending === (hasPage ? seq : null), { ...move, seq: seq + 1, pending: null })
    if (!applied) return false
    const rows = this.bookRows.get(keyOf(stream)) ?? new Map<string, Counts>()
    for (const [bucket, counts] of Object.entries(books)) rows.set(bucket, counts)
    this.bookRows.set(keyOf(stream), rows)
    return true
  }

  override setTopic(stream: StreamName, { epoch, seq }: { epoch: number; seq: number }, now: Pick<StreamState, 'topic' | 'publishedOffsets'>): Promise<boolean> {
    return this.#decide(stream, (row) => row.epoch === epoch && row.seq === seq, now)
  }

  override async setPaused(stream: StreamName, isPaused: boolean): Promise<void> {
    await this.#decide(stream, () => true, { isPaused })
  }

  /** Nothing happens between the question and the change. */
  #decide(stream: StreamName, condition: (row: StreamState) => boolean, change: Partial<StreamState>): Promise<boolean> {
    this.decisions += 1
    const row = this.rows.get(keyOf(stream)) ?? fresh
    const applied = condition(row)
    if (applied) this.rows.set(keyOf(stream), { ...row, ...change })
    return Promise.resolve(applied)
  }
}

export class InMemoryPageStore extends PageStore {
  readonly pages = new Map<string, Buffer>()
  writes = 0

  override write(stream: StreamName, { epoch, seq }: PageKey, content: Buffer): Promise<void> {
    this.writes += 1
    this.pages.set(`${keyOf(stream)} ${epoch} ${seq}`, content)
    return Promise.resolve()
  }

  override read(stream: StreamName, { epoch, seq }: PageKey): Promise<Buffer | null> {
    return Promise.resolve(this.pages.get(`${keyOf(stream)} ${epoch} ${seq}`) ?? null)
  }

  override removeBefore(stream: StreamName, { epoch, seq }: PageKey): Promise<void> {
    for (const key of this.pages.keys()) {
      const [name, ofEpoch, ofSeq] = key.split(' ')
      if (name === keyOf(stream) && Number(ofEpoch) === epoch && Number(ofSeq) < seq) this.pages.delete(key)
    }
    return Promise.resolve()
  }
}

export class InMemorySeenStore extends SeenStore {
  readonly rows = new Map<string, SeenRow[]>()
  reads = 0

  override write(stream: StreamName, { epoch, seq }: PageKey, rows: readonly SeenRow[]): Promise<void> {
    for (const row of rows) {
      const key = `${keyOf(stream)} ${row.bucket}`
      const others = (this.rows.get(key) ?? []).filter((other) => !('key' in other) || other.key !== `${epoch} ${seq}`)
      this.rows.set(key, [...others, Object.assign({ key: `${epoch} ${seq}` }, row)])
    }
    return Promise.resolve()
  }

  override read(stream: StreamName, bucket: string): Promise<SeenRow[]> {
    this.reads += 1
    return Promise.resolve(this.rows.get(`${keyOf(stream)} ${bucket}`) ?? [])
  }
}

export class InMemoryRunStore extends RunStore {
  readonly keys = new Map<string, RunKey>()
  readonly runs = new Map<string, Run>()
  readonly savedAt = new Map<string, number>()

  override claim(entry: RunKey): Promise<RunKey> {
    const key = `${entry.caller} ${entry.key}`
    const holds = this.keys.get(key) ?? entry
    this.keys.set(key, holds)
    return Promise.resolve(holds)
  }

  override findKey(caller: string, key: string): Promise<RunKey | null> {
    return Promise.resolve(this.keys.get(`${caller} ${key}`) ?? null)
  }

  override create(run: Run): Promise<void> {
    if (!this.runs.has(run.id)) this.runs.set(run.id, run)
    return Promise.resolve()
  }

  override find(id: string): Promise<Run | null> {
    return Promise.resolve(this.runs.get(id) ?? null)
  }

  override save(run: Run): Promise<void> {
    const before = this.runs.get(run.id)
    if (!before) throw new Error(`nobody has entered run ${run.id}`)
    if (hasEnded(before)) return Promise.resolve()
    this.runs.set(run.id, run)
    this.savedAt.set(run.id, Date.now())
    return Promise.resolve()
  }

  override sweep({ before, isDryRun }: Sweep): Promise<Swept> {
    const old = [...this.runs.values()].filter((run) => hasEnded(run) && (this.savedAt.get(run.id) ?? run.createdAt) < before)
    const kept = this.runs.size - old.length
    if (!isDryRun) {
      for (const { id } of old) this.runs.delete(id)
      for (const [key, { runId }] of this.keys) if (old.some(({ id }) => id === runId)) this.keys.delete(key)
    }
    return Promise.resolve({ removed: old.length, kept })
  }

  override open({ name, version }: StreamName): Promise<Run[]> {
    return Promise.resolve([...this.runs.values()].filter((run) => run.stream === name && run.version === version && !hasEnded(run)))
  }
}
