import { CassandraSession } from '@millrace/cassandra'
import { PageTokens, type ReadGeneration, type StoredWindow, type StreamStatus } from '@millrace/rest'
import { RateLimit } from '@millrace/service'
import { streamLabel, type StreamDeclaration } from '@millrace/stream-kit'
import type { TestingModuleBuilder } from '@nestjs/testing'
import { GenerationStates, StreamStates, WindowStore, type GenerationProgress, type WindowPage, type WindowRead } from './stores.ts'

/** Stores in memory, and a count of what was asked of them. A test sets what they hold. */
export class Twins {
  /** By stream label and view; in any order. */
  readonly windows: Record<string, StoredWindow[]> = {}
  readonly served: Record<string, ReadGeneration[]> = {}
  readonly progress: Record<string, GenerationProgress> = {}
  readonly states: Record<string, Omit<StreamStatus, 'served'>> = {}
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
      .overrideProvider(PageTokens).useValue(new PageTokens(Buffer.alloc(32, 'k')))
      .overrideProvider(RateLimit).useFactory({ factory: () => new RateLimit({ count: this.ratePerSecond, perMs: 1_000, what: 'queries' }) })
}

class TwinWindows extends WindowStore {
  constructor(private readonly twins: Twins) {
    super()
  }

  async read(read: WindowRead): Promise<WindowPage> {
    this.twins.asked.push(read)
    await this.twins.reading()
    const { route: { stream, view }, group, range, generations, limit, after } = read
    const rows = (this.twins.windows[`${streamLabel(stream)} ${view.name}`] ?? [])
      .filter((row) => row.start >= range.from && row.start < range.to && row.generation === generations[0]?.generation)
      .filter((row) => group === null || JSON.stringify(row.group) === JSON.stringify(group))
      .sort((a, b) => b.start - a.start || String(a.group).localeCompare(String(b.group)))
    const from = after === null ? 0 : Number(after)
    return { rows: rows.slice(from, from + limit), next: rows.length > from + limit ? String(from + limit) : null }
  }
}

class TwinGenerations extends GenerationStates {
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
