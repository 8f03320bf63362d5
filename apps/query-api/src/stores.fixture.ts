import { CassandraSession, generationAt, type SeenEvent } from '@millrace/cassandra'
import { PageTokens, type StoredDead, type StoredLate, type StreamCounts, type TimeRange, type ReadGeneration, type StoredWindow, type StreamStatus } from '@millrace/rest'
import { RateLimit } from '@millrace/service'
import { ledgerBucketMs, streamLabel, type StreamDeclaration } from '@millrace/stream-kit'
import type { TestingModuleBuilder } from '@nestjs/testing'
import { JudgedEvents } from './events/judged-events.ts'
import { KeptLetters } from './letters/kept-letters.ts'
import { TwinLetters } from './letters/kept-letters.fixture.ts'
import { LedgerStore, type HourBook, type HourEvents, type ViewSpan } from './ledger-store.ts'
import { GenerationStates, StreamStates, WindowStore, type GenerationProgress, type WindowPage, type WindowRead } from './stores.ts'

/** Stores in memory, and a count of what was asked of them. A test sets what they hold. */
export class Twins {
  /** By stream label and view; in any order. */
  readonly windows: Record<string, StoredWindow[]> = {}
  readonly served: Record<string, ReadGeneration[]> = {}
  readonly progress: Record<string, GenerationProgress> = {}
  readonly states: Record<string, Omit<StreamStatus, 'served'>> = {}
  /** By stream label. */
  readonly books: Record<string, HourBook[]> = {}
  readonly unreadable: Record<string, StreamCounts> = {}
  /** By stream label and generation. */
  readonly madeAt: Record<string, number> = {}
  /** By stream label, in the order of an answer. */
  readonly late: Record<string, StoredLate[]> = {}
  readonly dead: Record<string, StoredDead[]> = {}
  /** By event id. */
  readonly judged: Record<string, SeenEvent> = {}
  isSearchComplete = true
  /** What a row has left to live. */
  ttlMs = 86_400_000
  readonly asked: WindowRead[] = []
  ratePerSecond = 10_000
  /** Set to make the store fail or hang. */
  reading: () => Promise<void> = () => Promise.resolve()

  readonly override = (builder: TestingModuleBuilder): TestingModuleBuilder =>
    builder
      .overrideProvider(CassandraSession).useValue({ health: () => this.reading(), close: () => Promise.resolve() })
      .overrideProvider(WindowStore).useValue(new TwinWindows(this))
      .overrideProvider(GenerationStates).useValue(new TwinGenerations(this))
      .overrideProvider(StreamStates).useValue(new TwinStreams(this))
      .overrideProvider(LedgerStore).useValue(new TwinLedger(this))
      .overrideProvider(KeptLetters).useValue(new TwinLetters(this))
      .overrideProvider(JudgedEvents).useValue({
        find: async (_: StreamDeclaration, id: string) => {
          await this.reading()
          return { found: this.judged[id] ?? null, isComplete: this.isSearchComplete }
        },
      })
      .overrideProvider(PageTokens).useValue(new PageTokens(Buffer.alloc(32, 'k')))
      .overrideProvider(RateLimit).useFactory({ factory: () => new RateLimit({ count: this.ratePerSecond, perMs: 1_000, what: 'queries' }) })
}

export class TwinWindows extends WindowStore {
  constructor(private readonly twins: Twins) {
    super()
  }

  async read(read: WindowRead): Promise<WindowPage> {
    this.twins.asked.push(read)
    await this.twins.reading()
    const { route: { stream, view }, group, range, generations, limit, after } = read
    const rows = (this.twins.windows[`${streamLabel(stream)} ${view.name}`] ?? [])
      .filter((row) => row.start >= range.from && row.start < range.to && row.generation === generationAt(generations, { start: row.start, end: row.end }))
      .filter((row) => group === null || JSON.stringify(row.group) === JSON.stringify(group))
      .sort((a, b) => b.start - a.start || String(a.group).localeCompare(String(b.group)))
    const from = after === null ? 0 : Number(after)
    return { rows: rows.slice(from, from + limit), next: rows.length > from + limit ? String(from + limit) : null }
  }
}

export class TwinGenerations extends GenerationStates {
  constructor(private readonly twins: Twins) {
    super()
  }

  async served(stream: StreamDeclaration): Promise<readonly ReadGeneration[]> {
    await this.twins.reading()
    return this.twins.served[streamLabel(stream)] ?? []
  }

  async progress(stream: StreamDeclaration, generation: number): Promise<GenerationProgress | null> {
    await this.twins.reading()
    return this.twins.progress[`${streamLabel(stream)} ${generation}`] ?? null
  }
}

class TwinStreams extends StreamStates {
  constructor(private readonly twins: Twins) {
    super()
  }

  async read(stream: StreamDeclaration): Promise<Omit<StreamStatus, 'served'> | null> {
    await this.twins.reading()
    return this.twins.states[streamLabel(stream)] ?? null
  }
}

class TwinLedger extends LedgerStore {
  constructor(private readonly twins: Twins) {
    super()
  }

  async books(stream: StreamDeclaration, { from, to }: TimeRange): Promise<readonly HourBook[]> {
    await this.twins.reading()
    return (this.twins.books[streamLabel(stream)] ?? []).filter(({ hour }) => hour >= from && hour < to)
  }

  async unreadable(stream: StreamDeclaration): Promise<StreamCounts | null> {
    await this.twins.reading()
    return this.twins.unreadable[streamLabel(stream)] ?? null
  }

  async events({ stream, view, range, generations }: ViewSpan & { readonly generations: readonly ReadGeneration[] }): Promise<{ readonly hours: ReadonlyMap<number, HourEvents>; readonly rows: number }> {
    await this.twins.reading()
    const rows = (this.twins.windows[`${streamLabel(stream)} ${view.name}`] ?? []).filter(({ start, generation }) => start >= range.from && start < range.to && generation === generationAt(generations, { start, end: start + view.window.sizeMs }))
    const byHour = Map.groupBy(rows, ({ start }) => Math.floor(start / ledgerBucketMs) * ledgerBucketMs)
    return { rows: rows.length, hours: new Map([...byHour].map(([hour, some]) => [hour, { events: some.reduce((sum, { events }) => sum + events, 0), ttlMs: this.twins.ttlMs }])) }
  }

  async has({ stream, view, range }: ViewSpan, generation: number): Promise<boolean> {
    await this.twins.reading()
    return (this.twins.windows[`${streamLabel(stream)} ${view.name}`] ?? []).some((row) => row.generation === generation && row.start >= range.from && row.start < range.to)
  }

  async madeAt(stream: StreamDeclaration, generation: number): Promise<number> {
    await this.twins.reading()
    return this.twins.madeAt[`${streamLabel(stream)} ${generation}`] ?? Date.now()
  }
}
