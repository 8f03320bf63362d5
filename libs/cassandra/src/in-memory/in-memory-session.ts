import type { CassandraSession, Decision, ExecuteOptions, Statement } from '../cassandra-session.ts'
import type { Param, Row } from '../row.ts'
import type { InMemoryCassandra } from './in-memory-cassandra.ts'

/** A request on its way. */
export interface CassandraRequest {
  /** Reads change nothing, writes may be repeated, of a decision nobody knows whether it was applied when its answer is lost. */
  readonly kind: 'read' | 'write' | 'decide'
  /** What is being done, as in messages of errors. */
  readonly action: string
}

/** Carries a request to the node and its answer back: late, never, or with an error before or after its effect. */
export type CassandraWire = <T>(request: CassandraRequest, effect: () => T) => Promise<T>

export interface InMemorySessionOptions {
  readonly wire?: CassandraWire
  /** The client's clock: its writes carry its time, which never stands still or goes back within a session. */
  readonly now?: () => number
}

const atOnce: CassandraWire = async (_, effect) => { await Promise.resolve(); return effect() }

/** A session with a node in memory, for the stores of this library: what they do to Cassandra is what they do here. */
export function inMemorySession(node: InMemoryCassandra, { wire = atOnce, now = Date.now }: InMemorySessionOptions = {}): CassandraSession {
  return new InMemorySession(node, wire, now) as unknown as CassandraSession
}

class InMemorySession implements Pick<CassandraSession, 'execute' | 'scan' | 'batch' | 'decide' | 'health' | 'close'> {
  readonly ready = Promise.resolve()
  #writtenAt = 0

  constructor(private readonly node: InMemoryCassandra, private readonly wire: CassandraWire, private readonly now: () => number) {}

  async execute(cql: string, params: readonly Param[] = [], { action = cql }: ExecuteOptions = {}): Promise<Row[]> {
    if (cql.trimStart().startsWith('SELECT')) return await this.wire({ kind: 'read', action }, () => this.node.select(cql, params))
    await this.batch([{ cql, params }], { action })
    return []
  }

  async *scan(cql: string, params: readonly Param[] = [], options: ExecuteOptions = {}): AsyncGenerator<Row, void, void> {
    yield* await this.execute(cql, params, options)
  }

  async batch(statements: readonly Statement[], { action }: ExecuteOptions = {}): Promise<void> {
    if (!statements[0]) return
    this.#writtenAt = Math.max(this.#writtenAt + 1, this.now() * 1_000)
    const writtenAt = this.#writtenAt
    await this.wire({ kind: 'write', action: action ?? statements[0].cql }, () => { this.node.write(statements, writtenAt) })
  }

  async decide(statements: Statement | readonly Statement[], { action }: ExecuteOptions = {}): Promise<Decision> {
    const all = 'cql' in statements ? [statements] : statements
    return await this.wire({ kind: 'decide', action: action ?? all[0]?.cql ?? '' }, () => this.node.decide(all))
  }

  async health(): Promise<void> {
    await this.wire({ kind: 'read', action: 'asking for health' }, () => undefined)
  }

  async close(): Promise<void> {
    // There is nothing to close.
  }
}
