import { seededRandom } from '../seeded-random.ts'
import { broken, breakageKinds, bytesOf, extended, type BreakageKind, type RecordBytes, type RecordShape, type WrittenBroken } from './broken-records.ts'
import type { RecordFault } from './fault-plan.ts'

/** One record of a page, as it is written. Good ones hold the record they are. */
export type WrittenRecord<Row> = WrittenBroken | { readonly bytes: RecordBytes, readonly row: Row }

export interface FaultyPage<Row> {
  readonly records: readonly WrittenRecord<Row>[]
  /** How often each fault is in it. */
  readonly counts: ReadonlyMap<RecordFault, number>
  /** To be called once the page is handed over whole. */
  readonly served: () => void
}

interface Held<Row> {
  readonly row: Row
  /** So many answers more without it. */
  wait: number
  /** So often it is still to be given. */
  times: number
}

export interface PageFaultsOptions {
  readonly seed: string
  readonly shares: Readonly<Partial<Record<RecordFault, number>>>
  readonly shape: RecordShape
  /** Rows that an earlier plan has left out and that are still to be given. */
  readonly held?: readonly object[]
}

const remembered = 500
const mostReleased = 100_000
const longestWait = 20

/**
 * Spoils the records of pages.
 *
 * What becomes of a record is drawn from the seed and its own content, so a page that is asked for again is spoiled in the
 * same way. A full page stays full and a short one short: readers take a short page for the end. Nothing is held back for
 * good, and nothing good is replaced: broken records stand beside the good ones that they were made of.
 */
export class PageFaults<Row extends object> {
  readonly #options: PageFaultsOptions
  readonly #random: () => number
  readonly #held = new Map<RecordBytes, Held<Row>>()
  readonly #released = new Set<RecordBytes>()
  #earlier: Row[] = []

  constructor(options: PageFaultsOptions) {
    this.#options = options
    this.#random = seededRandom(`pages:${options.seed}`)
    for (const row of (options.held ?? []) as readonly Row[]) this.#held.set(bytesOf(row), { row, wait: 0, times: 2 })
  }

  /** Rows that were left out and are still to be given. */
  get held(): readonly Row[] {
    return Array.from(this.#held.values(), ({ row }) => row)
  }

  apply(rows: readonly Row[], limit: number): FaultyPage<Row> {
    if (this.#held.size === 0 && Object.values(this.#options.shares).every((share) => share === 0)) return { records: rows.map((row) => ({ row, bytes: bytesOf(row) })), counts: new Map(), served: () => undefined }
    const counts = new Map<RecordFault, number>()
    const count = (fault: RecordFault): void => { counts.set(fault, (counts.get(fault) ?? 0) + 1) }
    const { shape } = this.#options
    const records: WrittenRecord<Row>[] = []
    const leftOut = new Map<RecordBytes, Held<Row>>()
    let missing = 0
    const due = this.#due(limit)
    const extras: WrittenRecord<Row>[] = due.map(({ row }) => ({ row, bytes: bytesOf(row) }))
    for (const row of rows) {
      const bytes = bytesOf(row)
      const chance = this.#chanceOf(bytes)
      if (chance('late') && !this.#released.has(bytes) && missing < rows.length / 2) {
        missing += 1
        if (!this.#held.has(bytes)) leftOut.set(bytes, { row, wait: Math.floor(this.#random() * longestWait), times: 2 })
        continue
      }
      records.push({ row, bytes: chance('extraField', count) ? extended(row, shape) : bytes })
      if (chance('duplicate', count)) extras.push({ row, bytes })
      if (chance('brokenRecord', count)) extras.push(spoiled(this.#kindOf(bytes), row, shape))
      if (chance('renamedField', count)) extras.push(spoiled('renamedField', row, shape))
      const earlier = this.#earlier[Math.floor(this.#random() * this.#earlier.length)]
      if (earlier !== undefined && chance('duplicateAcross', count)) extras.push({ row: earlier, bytes: bytesOf(earlier) })
    }
    const isFull = rows.length >= limit
    const given = this.#place(records, isFull ? extras : extras.slice(0, Math.max(0, limit - 1 - records.length)))
    if (isFull) for (const [index, record] of records.slice(0, Math.max(0, limit - given.length)).entries()) given.push(records[index] ?? record)
    if (this.#isNow('reorder')) {
      shuffle(given, this.#random)
      count('reorder')
    }
    return { records: given, counts, served: () => { this.#settle({ rows, leftOut, due: due.filter(({ row }) => given.some((record) => 'row' in record && record.row === row)), count }) } }
  }

  /** The draws of one record, the same whenever it is given. */
  #chanceOf(bytes: RecordBytes) {
    const { shares } = this.#options
    return (fault: RecordFault, count?: (fault: RecordFault) => void): boolean => {
      const share = shares[fault] ?? 0
      const happens = share > 0 && this.#draw(fault, bytes) < share
      if (happens) count?.(fault)
      return happens
    }
  }

  #kindOf(bytes: RecordBytes): BreakageKind {
    return breakageKinds[Math.floor(this.#draw('kind', bytes) * breakageKinds.length)] ?? 'wrongType'
  }

  #draw(what: string, bytes: RecordBytes): number {
    return seededRandom(`${what}:${this.#options.seed}:${bytes}`)()
  }

  #isNow(fault: RecordFault): boolean {
    const share = this.#options.shares[fault] ?? 0
    return share > 0 && this.#random() < share
  }

  #due(limit: number): Held<Row>[] {
    return [...this.#held.values()].filter(({ wait }) => wait <= 0).slice(0, Math.ceil(limit / 2))
  }

  /** The records in their order, with the extras anywhere between them. */
  #place(records: readonly WrittenRecord<Row>[], extras: readonly WrittenRecord<Row>[]): WrittenRecord<Row>[] {
    const after = Map.groupBy(extras, () => Math.floor(this.#random() * (records.length + 1)))
    return [...after.get(0) ?? [], ...records.flatMap((record, index) => [record, ...after.get(index + 1) ?? []])]
  }

  #settle({ rows, leftOut, due, count }: { rows: readonly Row[], leftOut: ReadonlyMap<RecordBytes, Held<Row>>, due: readonly Held<Row>[], count: (fault: RecordFault) => void }): void {
    for (const held of this.#held.values()) held.wait -= 1
    for (const held of due) {
      held.times -= 1
      if (held.times > 0) continue
      this.#held.delete(bytesOf(held.row))
      this.#released.add(bytesOf(held.row))
    }
    for (const oldest of this.#released) {
      if (this.#released.size <= mostReleased) break
      this.#released.delete(oldest)
    }
    for (const [bytes, held] of leftOut) {
      this.#held.set(bytes, held)
      count('late')
    }
    this.#earlier = [...this.#earlier, ...rows.filter((row) => !leftOut.has(bytesOf(row)))].slice(-remembered)
  }
}

const spoiled = (kind: BreakageKind, row: object, shape: RecordShape): WrittenBroken => ({ kind, bytes: broken(kind, row, shape) })

function shuffle(list: unknown[], random: () => number): void {
  for (let index = list.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1))
    ;[list[index], list[other]] = [list[other], list[index]]
  }
}
