import { tableByTimeName, tableName, type StreamDeclaration, type ViewDeclaration } from '@millrace/stream-kit'
import type { CassandraSession } from './cassandra-session.ts'
import { generationAt, type ServedGeneration } from './generation.ts'
import { identifier } from './identifier.ts'
import { maybeNumber, numberOf, type Row } from './row.ts'
import { scanAhead } from './scan-ahead.ts'
import { bucketColumn, bucketsBetween } from './time-bucket.ts'

/** The events of all windows of a view that start in one hour. */
export interface HourCount {
  readonly events: number
  /** The least that one of its rows has left to live, in seconds. */
  readonly ttlSeconds: number
}

export interface HourCounts {
  /** By the first instant of the hour. An hour without a row is not there. */
  readonly hours: ReadonlyMap<number, HourCount>
  /** How many rows were added up: what the reading has cost. */
  readonly rows: number
}

interface Span {
  readonly from: number
  readonly to: number
}

const hourMs = 3_600_000
const pageRows = 2_000
/** A generation that computes a view has rows of it near its end; where there is none among so many, it does not. */
const mostLookedAt = 10_000

/** Adds up a view's `events` by the hour, for the ledger: of each window the row that readers get. */
export class EventCountReader {
  readonly #select: string

  constructor(private readonly session: CassandraSession, stream: StreamDeclaration, readonly view: ViewDeclaration) {
    const table = view.by.length === 0 ? tableName(stream, view) : tableByTimeName(stream, view)
    this.#select = `SELECT window_start, generation, events, TTL(events) AS ttl FROM ${identifier(table)} WHERE ${bucketColumn(view).name} = ? AND window_start >= ? AND window_start < ?`
  }

  /** The windows that start from `from` to before `to`, both full hours. `served` are the generations to read, newest first. */
  async byHour({ from, to, served }: Span & { readonly served: readonly ServedGeneration[] }): Promise<HourCounts> {
    const hours = new Map<number, HourCount>()
    let rows = 0
    for await (const row of this.#rows({ from, to })) {
      rows += 1
      const start = numberOf(row, 'window_start')
      if (numberOf(row, 'generation') !== generationAt(served, { start, end: start + this.view.window.sizeMs })) continue
      const hour = Math.floor(start / hourMs) * hourMs
      const before = hours.get(hour)
      hours.set(hour, { events: (before?.events ?? 0) + numberOf(row, 'events'), ttlSeconds: Math.min(before?.ttlSeconds ?? Infinity, maybeNumber(row, 'ttl') ?? Infinity) })
    }
    return { hours, rows }
  }

  /** Whether the generation has rows of this view there, seen from the end: one that was made before the view has none. */
  async has(generation: number, span: Span): Promise<boolean> {
    let rows = 0
    for await (const row of this.#rows(span)) {
      if (numberOf(row, 'generation') === generation) return true
      rows += 1
      if (rows === mostLookedAt) return false
    }
    return false
  }

  #rows({ from, to }: Span): AsyncGenerator<Row, void, void> {
    const statements = Array.from(bucketsBetween(this.view, from, to), ({ bucket }) => ({ cql: this.#select, params: [bucket, from, to] }))
    return scanAhead(this.session, statements, pageRows)
  }
}
