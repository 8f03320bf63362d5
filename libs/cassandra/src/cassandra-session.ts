import cassandra, { type Client } from 'cassandra-driver'
import { backOff, systemClock, type Clock } from '@millrace/service'
import type { CassandraSettings } from './cassandra.config.ts'
import { CassandraError } from './cassandra.errors.ts'
import { sessionAwaited, sessionNotClosed, sessionOpened } from './cassandra.signals.ts'
import { driverClient } from './driver-client.ts'
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

/** What a lightweight transaction answered. `current` are the rows that stood against it; empty when it was applied. */
export interface Decision {
  readonly applied: boolean
  readonly current: readonly Row[]
}

export interface OpenOptions {
  /** Ends the waiting. */
  readonly signal?: AbortSignal
  /** Fail at the first refusal instead of waiting for Cassandra: for tools that a person looks at. */
  readonly isImpatient?: boolean
  /** Longest wait for one answer. Services that answer people set it low. */
  readonly requestTimeoutMs?: number
  /** False to log in before the keyspace exists. */
  readonly usesKeyspace?: boolean
  readonly clock?: Clock
}

/**
 * A connection to Cassandra. Every statement is prepared; reads and writes are repeated by the driver once where that is
 * safe, lightweight transactions never: what may have been applied is reported as `cassandra_outcome_unknown`.
 * After an outage the connection mends itself; until then each request fails with `retry: 'later'`.
 */
export class CassandraSession {
  private constructor(private readonly client: Client, readonly settings: CassandraSettings) {}

  /** Connects, waiting with back-off while Cassandra, its roles or the keyspace are not there yet. */
  static async open(settings: CassandraSettings, options: OpenOptions = {}): Promise<CassandraSession> {
    const { contactPoints, user } = settings
    const { signal, clock = systemClock } = options
    const waits = backOff({ baseMs: 250, capMs: 5_000 })
    for (;;) {
      signal?.throwIfAborted()
      const client = driverClient(settings, options)
      try {
        await client.connect()
        sessionOpened({ contactPoints: contactPoints.join(', '), user })
        return new CassandraSession(client, settings)
      } catch (cause) {
        await closeClient(client)
        const error = cassandraError(cause, { action: 'connecting', contactPoints, isRepeatable: true })
        if (options.isImpatient || error.retry === 'never') throw error
        const waitMs = waits.next()
        sessionAwaited({ contactPoints: contactPoints.join(', '), waitMs, error })
        await clock.sleep(waitMs, signal)
      }
    }
  }

  /** Runs a read, or a write that may safely run twice, and returns all its rows. */
  async execute(cql: string, params: readonly Param[] = [], options: ExecuteOptions = {}): Promise<Row[]> {
    return this.#attempt(options.action ?? actionOf(cql), true, async () => {
      const result = await this.client.execute(cql, [...params], {
        ...(options.isSerial ? { consistency: cassandra.types.consistencies.localSerial } : {}),
        ...(options.timeoutMs === undefined ? {} : { readTimeout: options.timeoutMs }),
      })
      const rows: Row[] = []
      for await (const row of result) rows.push(rowOf(row))
      return rows
    })
  }

  /** Runs statements that define tables or roles. They cannot be prepared. */
  async define(cql: string): Promise<void> {
    await this.#attempt(actionOf(cql), true, () => this.client.execute(cql, [], { prepare: false, readTimeout: 30_000 }))
  }

  /** Writes several rows of one partition as one mutation: all of them, or on an error perhaps some. */
  async batch(statements: readonly Statement[], options: ExecuteOptions = {}): Promise<void> {
    if (statements.length === 0) return
    await this.#attempt(options.action ?? actionOf(statements[0]?.cql ?? ''), true, () => this.client.batch(statements.map(queryOf), { logged: false }))
  }

  /** Runs one lightweight transaction: a conditional statement, or several of one partition that apply together or not at all. */
  async decide(statements: Statement | readonly Statement[], options: ExecuteOptions = {}): Promise<Decision> {
    const all = 'cql' in statements ? [statements] : statements
    const [first] = all
    if (!first) throw new TypeError('A lightweight transaction needs a statement.')
    return this.#attempt(options.action ?? actionOf(first.cql), false, async () => {
      const once = { isIdempotent: false }
      const result = all.length === 1 ? await this.client.execute(first.cql, [...(first.params ?? [])], once) : await this.client.batch(all.map(queryOf), { ...once, logged: false })
      const rows = result.rows.map(rowOf)
      const applied = rows[0]?.['[applied]']
      if (typeof applied !== 'boolean') throw new CassandraError('cassandra_request_refused', `${first.cql}: expected a conditional statement (IF …).`)
      return { applied, current: applied ? [] : rows }
    })
  }

  /** Throws when no node answers within two seconds. */
  async health(): Promise<void> {
    await this.execute('SELECT key FROM system.local', [], { timeoutMs: 2_000, action: 'asking for health' })
  }

  async close(): Promise<void> {
    await closeClient(this.client)
  }

  async #attempt<T>(action: string, isRepeatable: boolean, run: () => Promise<T>): Promise<T> {
    try {
      return await run()
    } catch (cause) {
      throw cassandraError(cause, { action, contactPoints: this.settings.contactPoints, isRepeatable })
    }
  }
}

const queryOf = ({ cql, params = [] }: Statement) => ({ query: cql, params: [...params] })

/** "SELECT … FROM streams": enough to find the statement, no value in it, no password of a role. */
const actionOf = (cql: string): string => /^\s*(?:SELECT\b[^]*?\bFROM|INSERT\s+INTO|UPDATE|DELETE\b[^]*?\bFROM|(?:CREATE|ALTER|DROP|GRANT|REVOKE)\s+\w+)\s+[\w".]+/i.exec(cql)?.[0].replaceAll(/\s+/g, ' ').trim() ?? 'running a statement'

async function closeClient(client: Client): Promise<void> {
  try {
    await client.shutdown()
  } catch (error) {
    sessionNotClosed({ error })
  }
}
