import { GenerationStore, LetterStore, ProgressStore, SearchStore, StreamStatusReader } from '@millrace/cassandra'
import { Supervisor, type Surroundings } from '@millrace/spark-bridge/parts'
import { Machine } from '../engine/machine.ts'
import { SimulatedServer } from '../systems/spark.ts'
import type { World } from '../world.ts'

/** A bridge: the real supervision over the world's Spark, Kafka and Cassandra. */
export class Bridge {
  readonly machine: Machine
  readonly supervisor: Supervisor

  constructor(world: World, readonly name: string, onDeath: () => void) {
    const { broker, catalogue, database, sabotage, spark } = world
    this.machine = new Machine(world, name, onDeath)
    const session = database.session(this.machine)
    const generations = new GenerationStore(session)
    const surroundings: Surroundings = {
      server: new SimulatedServer(this.machine, spark),
      generations,
      // No late event is ever included here, so nothing has to be carried into a generation first.
      promotions: {
        promote: async (stream, generation) => {
          await generations.promote(stream, generation, { revision: (await generations.read(stream)).revision })
          return true
        },
      },
      stored: sabotage.stored?.(new ProgressStore(session), world) ?? new ProgressStore(session),
      ingestion: new StreamStatusReader(session),
      topics: broker.topics(this.machine),
      markers: broker.writer(this.machine),
      letters: new LetterStore(session),
      searches: new SearchStore(session),
      recounts: { enter: () => { world.faults.count('bridge: asks for a recount'); return Promise.resolve() } },
      settings: { brokers: ['kafka:9092'], checkpoints: '/checkpoints', triggerMs: 1_000 },
    }
    this.supervisor = new Supervisor(catalogue, surroundings, { pollMs: 2_500, clock: this.machine.clock })
    world.tell(name, 'starts')
  }

  begin(): void {
    this.supervisor.open()
  }

  rebuild(): void {
    const [stream] = this.supervisor.streams
    if (stream?.current) stream.restart(stream.current.generation, { rebuild: true })
  }
}
