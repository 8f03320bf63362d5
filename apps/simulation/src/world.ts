import type { Catalogue, StreamDeclaration } from '@millrace/stream-kit'
import { Bridge } from './actors/bridge.ts'
import { Ingester } from './actors/ingester.ts'
import { Materializer, type Committed } from './actors/materializer.ts'
import { Faults } from './engine/faults.ts'
import { Machine, type Request } from './engine/machine.ts'
import { Random } from './engine/random.ts'
import { Trace } from './engine/trace.ts'
import { VirtualTime } from './engine/virtual-time.ts'
import { Watch } from './oracle/watch.ts'
import type { Sabotage } from './sabotage.ts'
import { declared } from './stream.ts'
import { Broker } from './systems/broker.ts'
import { Database } from './systems/database.ts'
import { closingRecord, drawRecords, type TimedItem } from './systems/records.ts'
import { Source } from './systems/source.ts'
import { Spark } from './systems/spark.ts'

type System = Request<unknown>['to']

export interface WorldOptions {
  readonly seed: number
  readonly sabotage?: Sabotage
  /** Keep the lines of the trace, not only its digest. */
  readonly isTraced?: boolean
}

const startMs = Date.UTC(2026, 0, 1, 12)

/** How long things go wrong in a world. */
export const troubledMs = 35_000

/** One world: the line's processes, the systems between them, and everything that happens to them, all of it from a seed. */
export class World {
  readonly random: Random
  readonly time: VirtualTime
  readonly trace: Trace
  readonly faults: Faults
  readonly catalogue: Catalogue
  readonly stream: StreamDeclaration
  readonly sabotage: Sabotage
  readonly broker: Broker
  readonly database: Database
  readonly source: Source
  readonly spark: Spark
  readonly watch: Watch
  /** What belongs to no process. */
  readonly outside: Machine
  readonly ingesters = new Map<string, Ingester>()
  /** The runs that each idempotency key has been answered with. */
  readonly keys = new Map<string, Set<string>>()
  readonly violations: string[] = []
  /** How long the materializer may take from a record to its batch: in some worlds it is behind. */
  readonly storesWithinMs: number
  bridge: Bridge | undefined
  materializer: Materializer | undefined
  readonly #records: readonly TimedItem[]
  readonly #committed: Committed = new Map()
  readonly #away = new Map<System, number>()
  #ids = 0

  constructor({ seed, sabotage = {}, isTraced = false }: WorldOptions) {
    const data = new Random(seed, 'data')
    this.random = new Random(seed, 'order')
    this.time = new VirtualTime(startMs, this.random)
    this.trace = new Trace({ isKept: isTraced })
    this.faults = new Faults(new Random(seed, 'faults'))
    this.sabotage = sabotage
    const { catalogue, stream } = declared({ pageSize: data.pick([3, 5, 8]), overlap: data.pick([0, 30, 80]), order: data.pick(['ascending', 'any']) })
    this.catalogue = catalogue
    this.stream = stream
    this.storesWithinMs = data.pick([100, 300, 3_000, 10_000])
    this.#records = drawRecords(data, { startMs, lastsMs: troubledMs - 5_000 }, (what) => { this.faults.count(what) })
    this.watch = new Watch(this)
    this.broker = new Broker(this, this.stream)
    this.database = new Database(this, this.stream, sabotage.tamper)
    this.source = new Source(this, this.#records, data.pick(['none', 'right', 'off']))
    this.spark = new Spark(this)
    this.outside = new Machine(this, 'outside')
  }

  get sinceStart(): number {
    return Math.round(this.time.now - startMs)
  }

  tell(who: string, what: string): void {
    this.trace.add(this.sinceStart, who, what)
  }

  violated(what: string): void {
    this.violations.push(what)
    this.tell('ORACLE', what)
  }

  newId(prefix: string): string {
    this.#ids += 1
    return `${prefix}-${String(this.#ids).padStart(4, '0')}`
  }

  /** Nobody reaches the system for a while. */
  takeAway(system: System, ms: number): void {
    this.faults.count(`${system}: away`)
    this.tell(system, `is away for ${ms} ms`)
    this.#away.set(system, this.time.now + ms)
  }

  isAway(system: System): boolean {
    return (this.#away.get(system) ?? 0) > this.time.now
  }

  /** Whether the partitions of the group are this reader's: they go to the one that joined last. */
  isReading(reader: Materializer): boolean {
    return this.materializer === reader
  }

  /** A process of ingestion under this name; another takes its place when it dies. */
  startIngester(name: string): void {
    const made: { ingester?: Ingester } = {}
    made.ingester = new Ingester(this, name, () => {
      if (this.ingesters.get(name) === made.ingester) this.#soon(() => { this.startIngester(name) })
    })
    this.ingesters.set(name, made.ingester)
    made.ingester.begin()
  }

  startBridge(): void {
    const made: { bridge?: Bridge } = {}
    made.bridge = new Bridge(this, 'bridge', () => { if (this.bridge === made.bridge) this.#soon(() => { this.startBridge() }) })
    this.bridge = made.bridge
    made.bridge.begin()
  }

  startMaterializer(): void {
    const made: { materializer?: Materializer } = {}
    made.materializer = new Materializer(this, 'materializer', this.#committed, () => { if (this.materializer === made.materializer) this.#soon(() => { this.startMaterializer() }) })
    this.materializer = made.materializer
    made.materializer.begin()
  }

  /** From now on nothing goes wrong any more, and an event comes that closes every window before it. */
  calm(): void {
    this.faults.isCalm = true
    this.#away.clear()
    this.tell('outside', 'all is calm')
    this.source.add(closingRecord(this.#records, this.time.now + 500))
  }

  #soon(start: () => void): void {
    this.time.after(this.faults.isCalm ? 500 : this.random.between(100, 9_000), start)
  }
}
