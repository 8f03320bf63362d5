import type { ReadGeneration, StreamCounts, TimeRange } from '@millrace/rest'
import type { StreamDeclaration, ViewDeclaration } from '@millrace/stream-kit'

/** The books of one hour of event time. */
export interface HourBook extends StreamCounts {
  readonly hour: number
}

/** The events of a view's windows in one hour, and the least that one of their rows has left to live. */
export interface HourEvents {
  readonly events: number
  readonly ttlMs: number
}

export interface ViewSpan {
  readonly stream: StreamDeclaration
  readonly view: ViewDeclaration
  /** Full hours. */
  readonly range: TimeRange
}

/** What the ledger compares. */
export abstract class LedgerStore {
  /** The hours that have a book, oldest first, as one moment shows them. */
  abstract books(stream: StreamDeclaration, range: TimeRange): Promise<readonly HourBook[]>
  /** The records whose event time cannot be read; null where there is none. */
  abstract unreadable(stream: StreamDeclaration): Promise<StreamCounts | null>
  /** Σ events of a view by the first instant of the hour, and how many rows that has cost. */
  abstract events(span: ViewSpan & { readonly generations: readonly ReadGeneration[] }): Promise<{ readonly hours: ReadonlyMap<number, HourEvents>; readonly rows: number }>
  /** Whether the generation has any row of the view there. */
  abstract has(span: ViewSpan, generation: number): Promise<boolean>
  /** When the generation was made, epoch milliseconds. */
  abstract madeAt(stream: StreamDeclaration, generation: number): Promise<number>
}
