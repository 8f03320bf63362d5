import { randomUUID } from 'node:crypto'
import { noCounts, nothingRestored, type Run, type RunRange, type RunRedrive } from '@millrace/cassandra'
import type { TopicWriter } from '@millrace/kafka'
import type { Clock } from '@millrace/service'
import type { StreamDeclaration } from '@millrace/stream-kit'
import { PagePipeline } from '../pipeline/page-pipeline.ts'
import { StreamHold } from '../pipeline/stream-hold.ts'
import { StreamPull } from '../pipeline/stream-pull.ts'
import { StreamWorker } from '../pipeline/stream-worker.ts'
import { StreamRedrive } from '../redrive/stream-redrive.ts'
import { StreamRestore } from '../restore/stream-restore.ts'
import { eventValidator, type EventValidator } from '../rules/event-validator.ts'
import type { SourceReader } from '../source/source-reader.ts'
import { CrashPlan } from './crash.ts'
import { InMemoryDeadLetters } from './in-memory-dead-letters.ts'
import { InMemoryKeptPages } from './in-memory-kept-pages.ts'
import { InMemoryPageStore, InMemoryRunStore, InMemorySeenStore, InMemoryStreamStore } from './in-memory-stores.ts'
import { InMemoryTopics } from './in-memory-topics.ts'
import { SightingReader } from './sightings.ts'

/** Compiled once a stream: specs make many benches. */
const validators = new WeakMap<StreamDeclaration, EventValidator>()

/** What survives a process: stores, topics, the source. Workers come and go. */
export class TestBench {
  readonly streams = new InMemoryStreamStore()
  readonly pages = new InMemoryPageStore()
  readonly seen = new InMemorySeenStore()
  readonly runs = new InMemoryRunStore()
  readonly kept = new InMemoryKeptPages()
  readonly letters = new InMemoryDeadLetters()
  readonly topics = new InMemoryTopics()
  readonly reader = new SightingReader()
  readonly #validate: EventValidator

  constructor(public stream: StreamDeclaration, readonly clock: Clock) {
    this.#validate = validators.get(stream) ?? eventValidator(stream)
    validators.set(stream, this.#validate)
  }

  /** A process. It dies by the plan. */
  worker({ plan = new CrashPlan(), instance = 'one', writer: to = this.topics, reader: from = this.reader }: { plan?: CrashPlan; instance?: string; writer?: Pick<TopicWriter, 'send'>; reader?: SourceReader } = {}): StreamWorker {
    const { stream, clock } = this
    const [kept, topics, letters, streams, pages, seen, runs, writer, reader] = [plan.on('kept', this.kept), plan.on('topics', to instanceof InMemoryTopics ? to : this.topics), plan.on('letters', this.letters), plan.on('streams', this.streams), plan.on('pages', this.pages), plan.on('seen', this.seen), plan.on('runs', this.runs), plan.on('topics', to), plan.on('source', from)]
    const hold = new StreamHold({ stream, streams, pages, instance, leaseMs: 10_000, clock })
    const pipeline = new PagePipeline({ stream, hold, streams, pages, seen, writer, kept, keptSeconds: 3_600, topics, letters })
    const pull = new StreamPull({ stream, hold, pipeline, streams, seen, reader, validate: this.#validate, seenCapacity: 10_000, clock })
    const redrive = new StreamRedrive({ stream, hold, pipeline, streams, seen, letters, validate: this.#validate, seenCapacity: 10_000, clock })
    const restore = new StreamRestore({ stream, hold, streams, pages, kept, topics, writer })
    return new StreamWorker({ stream, hold, pipeline, pull, redrive, restore, streams, runs, outageMs: 60_000, clock, random: () => 0.5 })
  }

  async enter(id: string = randomUUID(), range: RunRange | null = null, redrive?: RunRedrive): Promise<string> {
    const run: Run = { id, stream: this.stream.name, version: this.stream.version, range, ...(redrive && { redrive }), state: 'queued', counts: noCounts, offsets: {}, error: null, createdAt: this.clock.now() }
    await this.runs.create(run)
    return id
  }

  async askRestore(id: string = randomUUID()): Promise<string> {
    await this.runs.create({ id, stream: this.stream.name, version: this.stream.version, range: null, restore: nothingRestored, state: 'queued', counts: noCounts, offsets: {}, error: null, createdAt: this.clock.now() })
    return id
  }
}
