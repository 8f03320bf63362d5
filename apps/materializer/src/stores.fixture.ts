import { CassandraError, CassandraSession, firstTopic, GenerationStore, LetterStore, LetterSweep, ProgressStore, StreamStatusReader, type DeadLetter, type LateEvent, type PartitionProgress, type Progress, type ServedGeneration, type Sweep, type TopicState, type WindowRow } from '@millrace/cassandra'
import { BatchSource, InMemoryBatchSource } from '@millrace/kafka'
import type { StreamDeclaration } from '@millrace/stream-kit'
import type { TestingModuleBuilder } from '@nestjs/testing'
import { WindowWriters } from './window-writers.ts'

const away = () => new CassandraError('cassandra_unreachable', 'Cassandra is away, says the test.')

/** What the materializer reaches out to, in memory: the test delivers batches, takes Cassandra away, and sees what was stored in which order. */
export class Twins {
  readonly source = new InMemoryBatchSource()
  /** In the order in which it was acknowledged. */
  readonly stored: (
    | { readonly rows: readonly WindowRow[] }
    | { readonly dead: readonly DeadLetter[] }
    | { readonly late: readonly LateEvent[] }
    | { readonly progress: PartitionProgress })[] = []
  isAway = false
  failure: Error | undefined = undefined
  served: readonly ServedGeneration[] = []
  progress: Progress | undefined = undefined
  topic: TopicState = firstTopic
  /** Dead letters that lie there from an earlier life. */
  kept: readonly DeadLetter[] = []

  /** Groups whose rows Cassandra refuses, alone and among others. */
  refuses: readonly string[] = []

  readonly sweeps: Sweep[] = []

  /** For `testService` and `describeWorker`. */
  readonly override = (builder: TestingModuleBuilder): TestingModuleBuilder => builder
    .overrideProvider(BatchSource).useValue(this.source)
    .overrideProvider(CassandraSession).useValue({ ready: Promise.resolve(), health: () => this.#answer(undefined), close: () => Promise.resolve() })
    .overrideProvider(GenerationStore).useValue({ served: () => this.#answer(this.served) })
    .overrideProvider(ProgressStore).useValue({
      read: () => this.#answer(this.progress),
      write: (_: StreamDeclaration, progress: PartitionProgress) => this.#store({ progress }),
    })
    .overrideProvider(StreamStatusReader).useValue({ read: () => this.#answer({ topic: this.topic }) })
    .overrideProvider(LetterStore).useValue({
      dead: (_: StreamDeclaration, { day }: { day: string }) => this.#answer({ letters: this.kept.filter(({ receivedAt }) => new Date(receivedAt).toISOString().startsWith(day)), next: null }),
      writeDead: (_: StreamDeclaration, dead: readonly DeadLetter[]) => this.#store(...(dead.length === 0 ? [] : [{ dead }])),
      writeLate: (_: StreamDeclaration, late: readonly LateEvent[]) => this.#store(...(late.length === 0 ? [] : [{ late }])),
    })
    .overrideProvider(LetterSweep).useValue({
      sweep: (sweep: Sweep) => {
        this.sweeps.push(sweep)
        return this.#answer({ deadLetters: { removed: 2, kept: 3 }, lateEvents: { removed: 0, kept: 1 } })
      },
    })
    .overrideProvider(WindowWriters).useFactory({ factory: () => this.#writers() })

  #writers(): Pick<WindowWriters, 'of'> {
    const real = new WindowWriters({} as CassandraSession)
    return {
      of: (stream) => {
        const writer = real.of(stream)
        writer.write = async (rows) => {
          if (rows.some(({ groupKey }) => this.refuses.includes(groupKey))) throw new CassandraError('cassandra_request_refused', 'Refused, says the test.')
          await this.#store(...(rows.length === 0 ? [] : [{ rows }]))
          return rows.length
        }
        return writer
      },
    }
  }

  async #store(...entries: Twins['stored']): Promise<void> {
    await this.#answer(undefined)
    this.stored.push(...entries)
  }

  async #answer<T>(answer: T): Promise<T> {
    await new Promise(setImmediate)
    if (this.failure !== undefined) throw this.failure
    if (this.isAway) throw away()
    return answer
  }
}
