import type { Cell } from '../row.ts'

/** A value with the time that decides between it and others, and when it is gone. */
interface StoredCell {
  readonly value: Cell
  readonly writtenAt: number
  readonly expiresAt: number
}

interface StoredRow {
  readonly key: readonly Cell[]
  readonly cells: Map<string, StoredCell>
  /** Everything written up to then is deleted. */
  deletedAt: number
}

export interface Partition {
  readonly key: readonly Cell[]
  /** The one of the static columns. */
  readonly fixed: StoredRow
  readonly rows: Map<string, StoredRow>
  /** The same rows in the table's order; null when there are others now. */
  inOrder: readonly StoredRow[] | null
}

/** Where a column's values are. */
export interface ColumnPlace {
  readonly in: 'partition' | 'clustering' | 'static' | 'row'
  /** Its place in the key, where it is part of one. */
  readonly at: number
}

export interface Write {
  readonly values: ReadonlyMap<string, Cell>
  readonly writtenAt: number
  readonly expiresAt: number
  /** An inserted row is there even if all its cells are empty. */
  readonly isInsert: boolean
}

/** Stands for the row itself among its cells. */
const marker = ''

interface Schema {
  readonly name: string
  readonly partitionKey: readonly string[]
  readonly clustering: readonly string[]
  readonly descending: ReadonlySet<string>
  /** Of all columns but the usual ones. */
  readonly places: ReadonlyMap<string, ColumnPlace>
}

const usual: ColumnPlace = { in: 'row', at: -1 }

const schemas = new Map<string, Schema>()

/** A table as its CREATE statement says, with cells as Cassandra keeps them: the one with the highest time is the one that counts. */
export class MemoryTable {
  readonly name: string
  readonly partitionKey: readonly string[]
  readonly clustering: readonly string[]
  readonly partitions = new Map<string, Partition>()
  readonly #descending: ReadonlySet<string>
  readonly #places: ReadonlyMap<string, ColumnPlace>

  constructor(ddl: string) {
    const schema = schemas.get(ddl) ?? schemaIn(ddl)
    schemas.set(ddl, schema)
    this.name = schema.name
    this.partitionKey = schema.partitionKey
    this.clustering = schema.clustering
    this.#descending = schema.descending
    this.#places = schema.places
  }

  placeOf(column: string): ColumnPlace {
    return this.#places.get(column) ?? usual
  }

  partition(key: readonly Cell[]): Partition {
    const id = idOf(key)
    const found = this.partitions.get(id)
    if (found) return found
    const made: Partition = { key, fixed: { key: [], cells: new Map(), deletedAt: -Infinity }, rows: new Map(), inOrder: null }
    this.partitions.set(id, made)
    return made
  }

  find(key: readonly Cell[]): Partition | undefined {
    return this.partitions.get(idOf(key))
  }

  write(partition: Partition, key: readonly Cell[] | null, { values, writtenAt, expiresAt, isInsert }: Write): void {
    let row: StoredRow | undefined
    for (const [column, value] of values) put(this.placeOf(column).in === 'static' ? partition.fixed : (row ??= this.#row(partition, key ?? [])), column, { value, writtenAt, expiresAt })
    if (isInsert && key !== null) put(row ?? this.#row(partition, key), marker, { value: true, writtenAt, expiresAt })
  }

  delete(partition: Partition, rows: readonly StoredRow[], writtenAt: number): void {
    for (const row of rows) row.deletedAt = Math.max(row.deletedAt, writtenAt)
    if (partition.rows.size <= 64) return
    for (const [id, row] of partition.rows) if (row.deletedAt > -Infinity && !isThere(row, 0)) partition.rows.delete(id)
    partition.inOrder = null
  }

  /** The rows that are there, in the table's order. */
  rows(partition: Partition, now: number): StoredRow[] {
    partition.inOrder ??= [...partition.rows.values()].sort((a, b) => this.#compare(a.key, b.key))
    return partition.inOrder.filter((row) => isThere(row, now))
  }

  row({ rows }: Partition, key: readonly Cell[], now: number): StoredRow | undefined {
    const row = rows.get(idOf(key))
    return row && isThere(row, now) ? row : undefined
  }

  #row(partition: Partition, key: readonly Cell[]): StoredRow {
    const id = idOf(key)
    const found = partition.rows.get(id)
    if (found) return found
    const made = { key, cells: new Map<string, StoredCell>(), deletedAt: -Infinity }
    partition.rows.set(id, made)
    partition.inOrder = null
    return made
  }

  #compare(a: readonly Cell[], b: readonly Cell[]): number {
    for (let at = 0; at < this.clustering.length; at += 1) {
      const order = compareCells(a[at] ?? null, b[at] ?? null)
      if (order !== 0) return this.#descending.has(this.clustering[at] ?? '') ? -order : order
    }
    return 0
  }
}

function schemaIn(ddl: string): Schema {
  const text = ddl.replaceAll(/\s+/g, ' ').replaceAll('"', '')
  const [, many, one, rest] = /PRIMARY KEY \((?:\(([^)]+)\)|([^,)]+))(?:, ([^)]+))?\)/.exec(text) ?? []
  const single = /(\w+) \w+ PRIMARY KEY/.exec(text)?.[1]
  const partitionKey = single === undefined ? listed(many ?? one) : [single]
  const clustering = single === undefined ? listed(rest) : []
  const statics = [...text.matchAll(/(\w+) \w+ static/g)].flatMap(([, name]) => name ?? [])
  const placed = (names: readonly string[], where: ColumnPlace['in']) => names.map((name, at) => [name, { in: where, at }] as const)
  return {
    name: /EXISTS (\S+)/.exec(text)?.[1] ?? '', partitionKey, clustering,
    places: new Map([...placed(statics, 'static'), ...placed(clustering, 'clustering'), ...placed(partitionKey, 'partition')]),
    descending: new Set([...text.matchAll(/(\w+) DESC/g)].flatMap(([, name]) => name ?? [])),
  }
}

/** The live value of a cell; null where there is none. */
export function cellIn(row: StoredRow, column: string, now: number): Cell {
  return liveCell(row, column, now)?.value ?? null
}

/** The seconds that a cell has left; null where it stays, or is not there. */
export function ttlIn(row: StoredRow, column: string, now: number): number | null {
  const cell = liveCell(row, column, now)
  return cell && cell.value !== null && cell.expiresAt < Infinity ? Math.ceil((cell.expiresAt - now) / 1_000) : null
}

export const hasCells = (row: StoredRow, now: number): boolean => isThere(row, now)

export function compareCells(a: Cell, b: Cell): number {
  if (Buffer.isBuffer(a) && Buffer.isBuffer(b)) return Buffer.compare(a, b)
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1
  return a < b ? -1 : a > b ? 1 : 0
}

const listed = (text: string | undefined): string[] => text?.split(',').map((name) => name.trim()) ?? []

const idOf = (key: readonly Cell[]): string => (key.length === 1 ? String(key[0]) : key.join('\u0000'))

/** Equal times: the greater value counts, as in Cassandra, so that all replicas choose the same. */
function put({ cells }: StoredRow, column: string, cell: StoredCell): void {
  const before = cells.get(column)
  if (before === undefined || cell.writtenAt > before.writtenAt || (cell.writtenAt === before.writtenAt && compareCells(cell.value, before.value) > 0)) cells.set(column, cell)
}

function liveCell({ cells, deletedAt }: StoredRow, column: string, now: number): StoredCell | undefined {
  const cell = cells.get(column)
  return cell && cell.writtenAt > deletedAt && cell.expiresAt > now ? cell : undefined
}

function isThere({ cells, deletedAt }: StoredRow, now: number): boolean {
  for (const { value, writtenAt, expiresAt } of cells.values()) if (value !== null && writtenAt > deletedAt && expiresAt > now) return true
  return false
}
