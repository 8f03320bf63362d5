import type { Offsets } from '@millrace/spark-connect'
import { furthest } from './offsets.ts'

/** What a query tells of a batch that it has finished. */
export interface ReadBatch {
  readonly from: Offsets
  readonly to: Offsets
  /** It has reported malformed records. */
  readonly isMalformed: boolean
}

export interface Range {
  readonly partition: number
  readonly from: number
  readonly to: number
}

/**
 * How far the events that a generation has read are known to be well-formed, or have been looked at. A batch that has told
 * nobody (its report went with the server, or came while there was no bridge) is looked at as if it had reported some.
 */
export class Searched {
  /** Everything below was told of, or is in a range. */
  #known: Offsets
  #ranges: readonly Range[] = []

  constructor(from: Offsets) {
    this.#known = from
  }

  /** Answers how many events there are that no batch has told of. */
  add({ from, to, isMalformed }: ReadBatch): number {
    const untold = between(this.#known, from)
    const told = furthest(this.#known, from)
    this.#ranges = [...this.#ranges, ...untold, ...(isMalformed ? between(told, to) : [])].reduce<Range[]>(joined, [])
    this.#known = furthest(told, to)
    return sizeOf(untold)
  }

  get next(): Range | undefined {
    return this.#ranges[0]
  }

  /** How many records are still to be looked at. */
  get left(): number {
    return sizeOf(this.#ranges)
  }

  /** The first range has been looked at up to here. */
  lookedAt(to: number): void {
    const [next, ...rest] = this.#ranges
    if (next) this.#ranges = to < next.to ? [{ ...next, from: to }, ...rest] : rest
  }

  /** By partition: everything below needs no look any more. */
  get offsets(): Offsets {
    return Object.fromEntries(Object.entries(this.#known).map(([partition, known]) => [partition, Math.min(known, ...this.#ranges.flatMap((range) => (range.partition === Number(partition) ? range.from : [])))]))
  }
}

const between = (from: Offsets, to: Offsets): Range[] =>
  Object.entries(to).map(([partition, end]) => ({ partition: Number(partition), from: from[partition] ?? 0, to: end })).filter((range) => range.from < range.to)

const sizeOf = (ranges: readonly Range[]): number => ranges.reduce((sum, { from, to }) => sum + to - from, 0)

/** A range that goes on where one ends is read with it. */
function joined(ranges: readonly Range[], range: Range): Range[] {
  const before = ranges.findIndex(({ partition, to }) => partition === range.partition && to === range.from)
  return before < 0 ? [...ranges, range] : ranges.map((one, at) => (at === before ? { ...one, to: range.to } : one))
}
