import { isOver, ReplayStore, type ChosenEvent, type EventRange, type Inclusion, type InclusionStore, type LateEvent, type Replay, type ReplayState } from '@millrace/cassandra'
import { RangeBuilder, type RangeToBuild } from './range-builder.ts'

/** The table of replays and its queue, in memory. */
export class InMemoryReplayStore extends ReplayStore {
  readonly replays = new Map<string, Replay>()

  override async create(replay: Replay): Promise<void> {
    await Promise.resolve()
    if (!this.replays.has(replay.id)) this.replays.set(replay.id, replay)
  }

  override find(id: string): Promise<Replay | null> {
    return Promise.resolve(this.replays.get(id) ?? null)
  }

  override async save(replay: Replay, from: readonly ReplayState[]): Promise<boolean> {
    await Promise.resolve()
    const stands = this.replays.get(replay.id)
    if (!stands) throw new Error(`nobody has entered replay ${replay.id}`)
    if (JSON.stringify(stands) === JSON.stringify(replay)) return true
    if (!from.includes(stands.state)) return false
    this.replays.set(replay.id, replay)
    return true
  }

  override open(): Promise<Replay[]> {
    return Promise.resolve([...this.replays.values()].filter((replay) => !isOver(replay)).sort((a, b) => a.createdAt - b.createdAt))
  }

  override list({ name, version }: { name: string; version: number }, limit: number): Promise<Replay[]> {
    return Promise.resolve([...this.replays.values()].filter((replay) => replay.stream === name && replay.version === version).sort((a, b) => b.createdAt - a.createdAt).slice(0, limit))
  }

  override sweep(): Promise<number> {
    return Promise.resolve(0)
  }
}

/** The late store, and what was chosen of it, in memory. */
export class InclusionTwin implements Pick<InclusionStore, 'choose' | 'chosen' | 'late'> {
  readonly letters: LateEvent[] = []
  readonly choices: Inclusion[] = []

  async choose(_: unknown, generation: number, events: readonly ChosenEvent[]): Promise<void> {
    await Promise.resolve()
    this.choices.push(...events.map((event) => ({ ...event, generation, chosenAt: 1 })))
  }

  chosen(_: unknown, range: EventRange): AsyncGenerator<Inclusion, void, void> {
    return each(this.choices.filter(within(range)))
  }

  late(_: unknown, range: EventRange): AsyncGenerator<LateEvent, void, void> {
    return each(this.letters.filter(within(range)))
  }
}

/** Takes orders, and does what the test says. */
export class BuilderTwin extends RangeBuilder {
  readonly built: RangeToBuild[] = []
  /** Thrown by the next calls, one each. */
  readonly failures: Error[] = []
  /** What comes of a build: rows in the tables, say, and progress. */
  onBuild: (range: RangeToBuild) => void | Promise<void> = () => undefined

  override async build(_: unknown, range: RangeToBuild): Promise<void> {
    await Promise.resolve()
    const failure = this.failures.shift()
    if (failure) throw failure
    this.built.push(range)
    await this.onBuild(range)
  }

  override close(): void {
    this.failures.length = 0
  }
}

const within = ({ from, to }: EventRange) => ({ eventTime }: { readonly eventTime: number }) => eventTime >= from && eventTime < to

async function* each<T>(items: readonly T[]): AsyncGenerator<T, void, void> {
  await Promise.resolve()
  yield* items
}
