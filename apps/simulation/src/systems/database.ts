import { CassandraError, controlTables, InMemoryCassandra, inMemorySession, tableDdl, type CassandraSession, type Decision, type Statement } from '@millrace/cassandra'
import type { StreamDeclaration } from '@millrace/stream-kit'
import type { Machine } from '../engine/machine.ts'
import type { World } from '../world.ts'

/** What a sabotage does to statements on their way; undefined lets one vanish. */
export type Tamper = (statement: Statement) => Statement | undefined

const known = new WeakMap<StreamDeclaration, readonly { readonly cql: string }[]>()

/** Cassandra, with the sessions of the world's processes. */
export class Database {
  readonly node: InMemoryCassandra
  readonly #world: World

  constructor(world: World, stream: StreamDeclaration, tamper: Tamper | undefined) {
    this.#world = world
    const tables = known.get(stream) ?? [...controlTables, ...stream.views.flatMap((view) => tableDdl(stream, view))]
    known.set(stream, tables)
    const now = () => Math.round(world.time.now)
    this.node = tamper ? new TamperedCassandra(tables, now, tamper) : new InMemoryCassandra(tables, now)
  }

  session(machine: Machine): CassandraSession {
    return inMemorySession(this.node, {
      now: () => machine.clock.now(),
      wire: ({ kind, action }, effect) => machine.request({
        to: 'cassandra', what: action, isRead: kind === 'read',
        effect: () => {
          const result = effect()
          if (kind !== 'read') this.#world.watch.stored(action)
          return result
        },
        refused: () => new CassandraError('cassandra_unreachable', `${action}: Cassandra is away.`),
        unknown: () => new CassandraError(kind === 'decide' ? 'cassandra_outcome_unknown' : 'cassandra_timeout', `${action}: no answer.`),
      }),
    })
  }

  /** For the oracle, whom nothing fails. */
  calmSession(): CassandraSession {
    return inMemorySession(this.node, { now: () => this.#world.time.now })
  }
}

class TamperedCassandra extends InMemoryCassandra {
  constructor(tables: ConstructorParameters<typeof InMemoryCassandra>[0], now: () => number, private readonly tamper: Tamper) {
    super(tables, now)
  }

  override write(statements: readonly Statement[], clientTime: number): void {
    super.write(statements.flatMap((statement) => this.tamper(statement) ?? []), clientTime)
  }

  override decide(statements: readonly Statement[]): Decision {
    return super.decide(statements.flatMap((statement) => this.tamper(statement) ?? []))
  }
}
