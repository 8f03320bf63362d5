import type { Decision, Statement } from '../cassandra-session.ts'
import type { ControlTable } from '../control-ddl.ts'
import type { Cell, Param, Row } from '../row.ts'
import { cqlStatement, valueIn, type Comparison, type Condition, type CqlStatement } from './cql-statement.ts'
import { cellIn, compareCells, hasCells, MemoryTable, ttlIn, type Partition } from './memory-table.ts'

type Change = Exclude<CqlStatement, { readonly do: 'select' }>
type Select = Extract<CqlStatement, { readonly do: 'select' }>
type StoredRow = Partition['fixed']

/**
 * One node of Cassandra in memory, as far as the stores of this library need it: cells with times, static columns, TTL,
 * and lightweight transactions that nothing comes between. Every request has its effect at once; `inMemorySession` puts
 * a wire in front of it that may be slow, or lose answers.
 */
export class InMemoryCassandra {
  readonly #tables: ReadonlyMap<string, MemoryTable>
  readonly #now: () => number
  #decidedAt = 0

  constructor(tables: readonly Pick<ControlTable, 'cql'>[], now: () => number = Date.now) {
    this.#tables = new Map(tables.map(({ cql }) => new MemoryTable(cql)).map((table) => [table.name, table]))
    this.#now = now
  }

  select(cql: string, params: readonly Param[] = []): Row[] {
    const statement = cqlStatement(cql)
    if (statement.do !== 'select') throw new TypeError(`Not a SELECT: ${cql}`)
    const table = this.#table(statement.table)
    const rows: Row[] = []
    for (const partition of this.#partitions(table, statement.where, params)) {
      for (const row of this.#matching(table, partition, statement.where, params)) {
        rows.push(this.#answer(statement, table, partition, row))
        if (rows.length === statement.limit) return rows
      }
    }
    return rows
  }

  /** The cells of a row as they are now, or null; with `clustering` null those of the partition's static columns. For who looks on from outside. */
  look(table: string, partition: readonly Cell[], clustering: readonly Cell[] | null): Row | null {
    const row = this.#stored(table, partition, clustering)
    return row ? Object.fromEntries([...row.cells.keys()].map((column) => [column, cellIn(row, column, this.#now())])) : null
  }

  /** The same of these columns only, in their order: for who looks often. */
  cells(table: string, { partition, clustering }: { readonly partition: readonly Cell[]; readonly clustering: readonly Cell[] | null }, columns: readonly string[]): readonly Cell[] | null {
    const row = this.#stored(table, partition, clustering)
    const now = this.#now()
    return row ? columns.map((column) => cellIn(row, column, now)) : null
  }

  /** The whole keys of the rows of a table, partition by partition. */
  keysIn(name: string): (readonly Cell[])[] {
    const table = this.#table(name)
    return [...table.partitions.values()].flatMap((partition) => table.rows(partition, this.#now()).map(({ key }) => [...partition.key, ...key]))
  }

  /** Unconditional writes of one request, with the time that its client has given them, in microseconds. */
  write(statements: readonly Statement[], clientTime: number): void {
    for (const { cql, params = [] } of statements) this.#apply(changeIn(cql), params, clientTime)
  }

  /** One lightweight transaction: all of its statements or none. */
  decide(statements: readonly Statement[]): Decision {
    const changes = statements.map(({ cql, params = [] }) => ({ change: changeIn(cql), params }))
    const against = changes.flatMap(({ change, params }) => this.#against(change, params) ?? [])
    if (against.length > 0) return { applied: false, current: against }
    this.#decidedAt = Math.max(this.#decidedAt + 1, this.#now() * 1_000)
    for (const { change, params } of changes) this.#apply(change, params, this.#decidedAt)
    return { applied: true, current: [] }
  }

  #apply(change: Change, params: readonly Param[], writtenAt: number): void {
    const table = this.#table(change.table)
    const now = this.#now()
    if (change.do === 'delete') {
      const partition = table.partition(this.#key(table.partitionKey, change, params) ?? [])
      table.delete(partition, this.#matching(table, partition, change.where, params), writtenAt)
      return
    }
    const key = this.#key(table.partitionKey, change, params)
    if (key === null) throw new TypeError(`${change.table}: a write without its whole partition key`)
    const values = new Map<string, Cell>()
    for (const { column, term } of change.set) {
      const value = valueIn(term, params, now)
      if (value === undefined) continue
      const place = table.placeOf(column).in
      if (place === 'static' || place === 'row') values.set(column, value as Cell)
    }
    const ttl = change.ttl && valueIn(change.ttl, params, now)
    const time = change.timestamp && valueIn(change.timestamp, params, now)
    table.write(table.partition(key), this.#key(table.clustering, change, params), {
      values, isInsert: change.isInsert, writtenAt: typeof time === 'number' ? time : writtenAt, expiresAt: typeof ttl === 'number' ? now + ttl * 1_000 : Infinity,
    })
  }

  /** The rows that stand against a change; undefined where nothing does. */
  #against(change: Change, params: readonly Param[]): Row[] | undefined {
    const { condition } = change
    if (condition === null) return undefined
    const table = this.#table(change.table)
    const partition = table.find(this.#key(table.partitionKey, change, params) ?? [])
    const key = this.#key(table.clustering, change, params)
    const row = partition && key !== null ? table.row(partition, key, this.#now()) : undefined
    const holds = this.#holds(condition, table, { partition, row }, params)
    return holds ? undefined : [{ '[applied]': false }]
  }

  #holds(condition: Condition, table: MemoryTable, { partition, row }: { partition: Partition | undefined; row: StoredRow | undefined }, params: readonly Param[]): boolean {
    const now = this.#now()
    if (condition.if !== 'equal') return (row !== undefined) === (condition.if === 'EXISTS')
    return condition.all.every(({ column, op, term }) => {
      const holder = table.placeOf(column).in === 'static' ? partition?.fixed : row
      return compares(holder ? cellIn(holder, column, now) : null, op, valueIn(term, params, now))
    })
  }

  /** Null where the key is not whole. */
  #key(names: readonly string[], change: Change, params: readonly Param[]): Cell[] | null {
    const key: Cell[] = []
    for (const name of names) {
      const term = change.do === 'write' && change.isInsert ? change.set.find(({ column }) => column === name)?.term : change.where.find(({ column, op }) => column === name && op === '=')?.term
      if (term === undefined) return null
      key.push((valueIn(term, params, this.#now()) ?? null) as Cell)
    }
    return key
  }

  #partitions(table: MemoryTable, where: readonly Comparison[], params: readonly Param[]): Partition[] {
    if (where.length === 0) return [...table.partitions.values()]
    const key = table.partitionKey.map((name) => where.find(({ column }) => column === name))
    if (key.some((found) => found?.op !== '=')) throw new TypeError(`${table.name}: a SELECT without its whole partition key`)
    const found = table.find(key.map((one) => (one ? ((valueIn(one.term, params, 0) ?? null) as Cell) : null)))
    return found ? [found] : []
  }

  #matching(table: MemoryTable, partition: Partition, where: readonly Comparison[], params: readonly Param[]): StoredRow[] {
    const now = this.#now()
    const ofRows = where.flatMap(({ column, op, term }) => {
      const place = table.placeOf(column)
      return place.in === 'partition' ? [] : [{ at: place.in === 'clustering' ? place.at : -1, op, wanted: valueIn(term, params, now) }]
    })
    const all = table.rows(partition, now)
    const rows = ofRows.length === 0 ? all : all.filter(({ key }) => ofRows.every(({ at, op, wanted }) => compares(key[at] ?? null, op, wanted)))
    return rows.length === 0 && ofRows.length === 0 && hasCells(partition.fixed, now) ? [{ key: [], cells: new Map(), deletedAt: -Infinity }] : rows
  }

  #answer({ columns }: Select, table: MemoryTable, partition: Partition, row: StoredRow): Row {
    const now = this.#now()
    const answer: Record<string, Cell> = {}
    for (const { name, column, isTtl } of columns) {
      const place = table.placeOf(column)
      if (isTtl) answer[name] = ttlIn(row, column, now)
      else if (place.in === 'partition') answer[name] = partition.key[place.at] ?? null
      else if (place.in === 'clustering') answer[name] = row.key[place.at] ?? null
      else answer[name] = cellIn(place.in === 'static' ? partition.fixed : row, column, now)
    }
    return answer
  }

  #stored(name: string, partition: readonly Cell[], clustering: readonly Cell[] | null): StoredRow | undefined {
    const table = this.#table(name)
    const found = table.find(partition)
    return found && (clustering === null ? found.fixed : table.row(found, clustering, this.#now()))
  }

  #table(name: string): MemoryTable {
    const table = this.#tables.get(name)
    if (!table) throw new TypeError(`There is no table ${name}; there are ${[...this.#tables.keys()].join(', ')}.`)
    return table
  }
}

function changeIn(cql: string): Change {
  const statement = cqlStatement(cql)
  if (statement.do === 'select') throw new TypeError(`Not a change: ${cql}`)
  return statement
}

function compares(cell: Cell, op: Comparison['op'], wanted: Param): boolean {
  if (op === 'IN') return Array.isArray(wanted) && wanted.includes(cell)
  const order = compareCells(cell, (wanted ?? null) as Cell)
  switch (op) {
    case '=': return order === 0
    case '<': return cell !== null && order < 0
    case '<=': return cell !== null && order <= 0
    case '>': return order > 0
    case '>=': return order >= 0
  }
}
