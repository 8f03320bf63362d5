import { LetterStore, ProgressStore } from '@millrace/cassandra'
import { KafkaError, type Batch } from '@millrace/kafka'
import { LetterIntake, TopicRoutes, WindowIntake, WindowWriters } from '@millrace/materializer/parts'
import { Machine } from '../engine/machine.ts'
import type { World } from '../world.ts'

/** Where readers of a consumer group have come to, on the broker. */
export type Committed = Map<string, number>

/** A materializer: the real intake and sorting; its loop reads a partition, stores, commits, as `BatchReader` does. */
export class Materializer {
  readonly machine: Machine
  readonly #world: World
  readonly #routes: TopicRoutes
  readonly #windows: WindowIntake
  readonly #letters: LetterIntake
  readonly #stopListening: () => void
  readonly #positions = new Map<string, number>()
  readonly #busy = new Set<string>()

  constructor(world: World, readonly name: string, private readonly committed: Committed, onDeath: () => void) {
    this.#world = world
    this.machine = new Machine(world, name, onDeath)
    const session = world.database.session(this.machine)
    const letters = new LetterStore(session)
    const writers = new WindowWriters(session)
    this.#windows = new WindowIntake(world.sabotage.writers?.(writers, world) ?? writers, new ProgressStore(session), letters)
    this.#letters = new LetterIntake(letters)
    this.#routes = new TopicRoutes(world.catalogue)
    this.#stopListening = world.broker.listen((topic, partition) => { if (this.#routes.topics.includes(topic)) this.#wake(topic, partition) })
    world.tell(name, 'starts')
  }

  /** Joins the group: from now on the partitions are its own. */
  begin(): void {
    const { broker } = this.#world
    for (const topic of this.#routes.topics) broker.logs(topic).forEach((_, partition) => { this.#wake(topic, partition) })
  }

  #wake(topic: string, partition: number): void {
    const place = `${topic}/${partition}`
    if (!this.machine.isAlive) this.#stopListening()
    if (!this.machine.isAlive || this.#busy.has(place) || !this.#world.isReading(this)) return
    this.#busy.add(place)
    void this.machine.clock.sleep(this.#world.random.between(20, this.#world.storesWithinMs)).then(async () => { await this.#read(topic, partition) }).finally(() => {
      this.#busy.delete(place)
      if ((this.#positions.get(place) ?? this.committed.get(place) ?? 0) < this.#world.broker.log(topic, partition).length) this.#wake(topic, partition)
    })
  }

  async #read(topic: string, partition: number): Promise<void> {
    const place = `${topic}/${partition}`
    const from = this.#positions.get(place) ?? this.committed.get(place) ?? 0
    const log = this.#world.broker.log(topic, partition)
    const records = log.slice(from, from + this.#world.random.between(1, 40))
    if (records.length === 0) return
    const batch: Batch = {
      topic, partition, records, highWatermark: BigInt(log.length),
      heartbeat: () => (this.#world.isReading(this) ? Promise.resolve() : Promise.reject(new KafkaError('kafka_batch_abandoned', 'the partition is no longer ours'))),
    }
    const { pattern, stream } = this.#routes.find(topic)
    try {
      if (this.#world.sabotage.isCommitFirst === true) await this.#commit(place, from + records.length)
      if (pattern === 'windows') await this.#windows.store(stream, batch)
      else await (pattern === 'late' ? this.#letters.storeLate(stream, batch) : this.#letters.storeDead(stream, batch))
      this.#positions.set(place, from + records.length)
      await this.#commit(place, from + records.length)
    } catch (error) {
      if (!(error instanceof KafkaError)) this.#world.violated(`${this.name} dies of ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
      this.#positions.delete(place)
      await this.machine.clock.sleep(500)
    }
  }

  async #commit(place: string, to: number): Promise<void> {
    const away = (): KafkaError => new KafkaError('kafka_unreachable', 'Kafka does not answer.')
    await this.machine.request({ to: 'kafka', what: `committing ${place.replace('sightings.v1', '*')}`, isRead: false, effect: () => { this.committed.set(place, to) }, refused: away, unknown: away })
  }
}
