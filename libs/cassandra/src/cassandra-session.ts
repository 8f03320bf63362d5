import cassandra, { type Client } from 'cassandra-driver'
import { backOff, systemClock, type Clock } from '@millrace/service'
import type { CassandraSettings } from './cassandra.config.ts'
import { CassandraError } from './cassandra.errors.ts'
import { sessionAwaited, sessionNotClosed, sessionOpened } from './cassandra.signals.ts'
import { closeDriver, driverClient } from './driver-client.ts'
import { cassandraError } from './driver-error.ts'
import { rowOf, type Param, type Row } from './row.ts'

export interface Statement {
  readonly cql: string
  readonly params?: readonly Param[]
}

export interface ExecuteOptions {
  /** Reads what lightweight transactions have decided, and completes one that is half-way. */
  readonly isSerial?: boolean
  readonly timeoutMs?: number
  /** What is being done, for the message of an error. */
  readonly action?: string
}

export interface ScanOptions extends ExecuteOptions {
  readonly pageRows?: number
}

/** What a lightweight transaction answered. `current` are the rows that stood against it; empty when it was applied. */
export interface Decision {
  readonly applied: boolean
  readonly current: readonly Row[]
}

export interface ConnectOptions {
  /** Longest wait for one answer. Services that answer people set it low. */
  readonly requestTimeoutMs?: number
  /** False to log in before the keyspace exists. */
  readonly usesKeyspace?: boolean
  readonly clock?: Clock
}

export interface OpenOptions extends ConnectOptions {
  /** Fail at the first refusal instead of waiting for Cassandra: for tools that a person looks at. */
  readonly isImpatient?: boolean
}

/**
 * A connection to Cassandra. Every statement is prepared; reads and writes are repeated by the driver once where that is
 * safe, lightweight transactions never: what may have been applied is reported as `cassandra_outcome_unknown`.
 *
 * While Cassandra, its roles or the keyspace are away, each request fails with `retry: 'later'` and the session connects
 * by itself in the background, at the start and after every outage.
 */
export class CassandraSession {
  readonly #stop = new AbortController()
  #client: Client | undefined
  #lastFailure: CassandraError | undefined

  /** Resolves when connected; rejects with what trying again cannot mend, or when closed before. */
  readonly ready: Promise<void>

  private constructor(readonly settings: CassandraSettings, options: OpenOptions) {
    this.ready = this.#connect(options)
    this.ready.catch(() => undefined) // Whoever does not wait learns it from each request and from health.
  }

  /** A session at once, connecting in the background: for workers, which start before what they need. */
  static connect(settings: CassandraSettings, options: ConnectOptions = {}): CassandraSession {
    return new CassandraSession(settings, options)
  }

  /** A session that is connected, waiting with back-off until it can be. */
  static async open(settings: CassandraSettings, options: OpenOptions = {}): Promise<CassandraSession> {
    const session = new CassandraSession(settings, options)
    await session.ready
    return session
  }

  /** Runs a read, or a write that may safely run twice, and returns all its rows. */
  async execute(cql: string, params: readonly Param[] = [], options: ExecuteOptions = {}): Promise<Row[]> {
    const rows: Row[] = []
    for await (const row of this.scan(cql, params, options)) rows.push(row)
    return rows
  }

  /** Runs a read and gives its rows one by one, fetching `pageRows` of them whenever they run out. */
  async *scan(cql: string, params: readonly Param[] = [], { action = actionOf(cql), isSerial = false, timeoutMs, pageRows }: ScanOptions = {}): AsyncGenerator<Row, void, void> {
    const { localSerial, localQuorum } = cassandra.types.consistencies
    const first = await this.#attempt(action, true, (client) => client.execute(cql, [...params], {
      consistency: isSerial ? localSerial : localQuorum,
      ...(timeoutMs === undefined ? {} : { readTimeout: timeoutMs }),
      ...(pageRows === undefined ? {} : { fetchSize: pageRows }),
    }))
    const rows = first[Symbol.asyncIterator]()
    for (;;) {
      const next = await this.#attempt(action, true, () => rows.next())
      if (next.done === true) return
      yield rowOf(next.value)
    }
  }

  /** Runs statements that define tables or roles. They cannot be prepared. */
  async define(cql: string): Promise<void> {
    await this.#attempt(actionOf(cql), true, (client) => client.execute(cql, [], { prepare: false, readTimeout: 30_000 }))
  }

  /** Writes several rows of one partition as one mutation: all of them, or on an error perhaps some. */
  async batch(statements: readonly Statement[], options: ExecuteOptions = {}): Promise<void> {
    const [first, second] = statements
    if (!first) return
    const { action = actionOf(first.cql) } = options
    if (second) await this.#attempt(action, true, (client) => client.batch(statements.map(queryOf), { logged: false }))
    else await this.execute(first.cql, first.params, { action })
  }

  /** Runs one lightweight transaction: a conditional statement, or several of one partition that apply together or not at all. */
  async decide(statements: Statement | readonly Statement[], options: ExecuteOptions = {}): Promise<Decision> {
    const all = 'cql' in statements ? [statements] : statements
    const [first] = all
    if (!first) throw new TypeError('A lightweight transaction needs a statement.')
    return this.#attempt(options.action ?? actionOf(first.cql), false, async (client) => {
      const once = { isIdempotent: false }
      const result = all.length === 1 ? await client.execute(first.cql, [...(first.params ?? [])], once) : await client.batch(all.map(queryOf), { ...once, logged: false })
      const rows = Array.from(result, rowOf)
      const applied = rows[0]?.['[applied]']
      if (typeof applied !== 'boolean') throw new CassandraError('cassandra_request_refused', `${first.cql}: expected a conditional statement (IF …).`)
      return { applied, current: applied ? [] : rows }
    })
  }

  /** Throws when no node answers within two seconds. */
  async health(): Promise<void> {
    await this.execute('SELECT key FROM system.local', [], { timeoutMs: 2_000, action: 'asking for health' })
  }

  /** Ends the session; requests in hand fail. */
  async close(): Promise<void> {
    this.#stop.abort(closed())
    await Promise.allSettled([this.ready])
    if (this.#client) await closeClient(this.#client)
  }

  async #connect(options: OpenOptions): Promise<void> {
    const { contactPoints, user } = this.settings
    const { clock = systemClock, isImpatient = false } = options
    const waits = backOff({ baseMs: 250, capMs: 5_000 })
    const where = contactPoints.join(', ')
    for (;;) {
      const client = driverClient(this.settings, options)
      try {
        await client.connect()
        this.#client = client
        sessionOpened({ contactPoints: where, user })
        return
      } catch (cause) {
        await closeClient(client)
        const error = cassandraError(cause, { action: 'connecting', contactPoints, isRepeatable: true })
        this.#lastFailure = error
        if (isImpatient || error.retry === 'never') throw error
        const waitMs = waits.next()
        sessionAwaited({ contactPoints: where, waitMs, error })
        await clock.sleep(waitMs, this.#stop.signal)
      }
    }
  }

  async #attempt<T>(action: string, isRepeatable: boolean, run: (client: Client) => Promise<T>): Promise<T> {
    const { contactPoints } = this.settings
    try {
      if (this.#stop.signal.aborted) throw closed()
      if (!this.#client) throw this.#lastFailure ?? new CassandraError('cassandra_unreachable', `${action}: not connected to Cassandra at ${contactPoints.join(', ')} yet.`)
      return await run(this.#client)
    } catch (cause) {
      throw cassandraError(cause, { action, contactPoints, isRepeatable })
    }
  }
}

const closed = (): CassandraError => new CassandraError('cassandra_session_closed', 'The session with Cassandra has been closed.')

const queryOf = ({ cql, params = [] }: Statement) => ({ query: cql, params: [...params] })

/** "SELECT … FROM streams": enough to find the statement, no value in it, no password of a role. */
const actionOf = (cql: string): string => /^\s*(?:SELECT\b[^]*?\bFROM|INSERT\s+INTO|UPDATE|DELETE\b[^]*?\bFROM|(?:CREATE|ALTER|DROP|GRANT|REVOKE)\s+\w+)\s+[\w".]+/i.exec(cql)?.[0].replaceAll(/\s+/g, ' ').trim() ?? 'running a statement'

async function closeClient(client: Client): Promise<void> {
  try {
    await closeDriver(client)
  } catch (error) {
    sessionNotClosed({ error })
  }
}
