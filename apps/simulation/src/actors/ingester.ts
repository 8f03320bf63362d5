import { CassandraPageStore, CassandraRunStore, CassandraSeenStore, CassandraStreamStore, type Run, type StreamStore } from '@millrace/cassandra'
import { eventValidator, PagePipeline, RunDesk, SourceCircuit, StreamHold, StreamPull, StreamWorker, type EventValidator, type Packing } from '@millrace/ingestion/parts'
import type { StreamDeclaration } from '@millrace/stream-kit'
import { Machine } from '../engine/machine.ts'
import type { World } from '../world.ts'

/** Compiling a schema takes longer than a whole world. */
const validators = new WeakMap<StreamDeclaration, EventValidator>()

/** Everything as it is: gzip works in threads, whose order nobody decides, and deflating costs more than many a world's fault. */
const unpacked: Packing = { pack: (bytes) => Promise.resolve(bytes), unpack: (bytes) => Promise.resolve(bytes), deflate: (text) => Buffer.from(text) }

const settings = { leaseMs: 10_000, outageMs: 30_000, seenIds: 10_000 }
const noLimit = { take: () => undefined, giveBack: () => undefined }

/** An instance of ingestion: the real one, from its lease to its sends, over the world's systems. */
export class Ingester {
  readonly machine: Machine
  readonly worker: StreamWorker
  readonly #desk: RunDesk
  readonly #streams: StreamStore

  constructor(readonly world: World, readonly name: string, onDeath: () => void) {
    const { stream, broker, database, source, sabotage } = world
    const machine = new Machine(world, name, onDeath)
    const { clock } = machine
    const session = database.session(machine)
    const streams = sabotage.streams?.(new CassandraStreamStore(session)) ?? new CassandraStreamStore(session)
    const pages = new CassandraPageStore(session)
    const seen = sabotage.seen?.(new CassandraSeenStore(session)) ?? new CassandraSeenStore(session)
    const runs = new CassandraRunStore(session)
    const writer = sabotage.writer?.(broker.writer(machine), world) ?? broker.writer(machine)
    const hold = new StreamHold({ stream, streams, pages, instance: name, leaseMs: settings.leaseMs, clock })
    const pipeline = new PagePipeline({ stream, hold, streams, pages, seen, writer, packing: unpacked })
    const validate = validators.get(stream) ?? eventValidator(stream)
    validators.set(stream, validate)
    const pull = new StreamPull({ stream, hold, pipeline, streams, seen, reader: new SourceCircuit(source.reader(machine), clock), validate, seenCapacity: settings.seenIds, clock })
    this.machine = machine
    this.#streams = streams
    this.worker = new StreamWorker({ stream, hold, pipeline, pull, streams, runs, outageMs: settings.outageMs, clock, random: () => world.random.next() })
    this.#desk = new RunDesk({ catalogue: world.catalogue, runs, streams, workers: { get: () => this.worker }, limit: noLimit, clock, newId: () => world.newId('run') })
  }

  begin(): void {
    const { machine, name, world, worker } = this
    world.tell(name, 'starts')
    worker.start().catch((error: unknown) => { this.#died(error) })
    machine.every(world.stream.pollMs ?? 2_000, () => { worker.poll() })
  }

  trigger(key: string, range: { from: string; to: string } | null): Promise<Run> {
    return this.#desk.trigger({ stream: this.world.stream.name, key, caller: 'airflow', body: range ?? {} })
  }

  pause(isPaused: boolean): Promise<void> {
    return this.#streams.setPaused(this.world.stream, isPaused)
  }

  /** SIGTERM. */
  async stop(): Promise<void> {
    this.world.tell(this.name, 'is told to stop')
    await this.worker.stop()
    this.machine.kill('it has stopped')
  }

  /** A mistake in the program ends the process; there must be none. */
  #died(error: unknown): void {
    if (this.machine.isAlive) this.world.violated(`${this.name} dies of ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  }
}
