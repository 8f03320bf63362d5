import type { Cell, Param } from '../row.ts'

/** Where a value of a statement comes from. */
export type Term = { readonly param: number } | { readonly value: Cell } | { readonly now: true }

export interface Comparison {
  readonly column: string
  readonly op: '=' | '<' | '<=' | '>' | '>=' | 'IN'
  readonly term: Term
}

export type Condition = { readonly if: 'EXISTS' | 'NOT EXISTS' } | { readonly if: 'equal'; readonly all: readonly Comparison[] }

interface Change {
  readonly table: string
  readonly where: readonly Comparison[]
  readonly condition: Condition | null
  readonly timestamp: Term | null
  readonly ttl: Term | null
}

export type CqlStatement =
  | ({ readonly do: 'write'; readonly isInsert: boolean; readonly set: readonly { readonly column: string; readonly term: Term }[] } & Change)
  | ({ readonly do: 'delete' } & Change)
  | { readonly do: 'select'; readonly table: string; readonly columns: readonly { readonly name: string; readonly column: string; readonly isTtl: boolean }[]; readonly where: readonly Comparison[]; readonly limit: number | null }

const known = new Map<string, CqlStatement>()

/** Reads a statement of our stores: of CQL no more than they write. Throws where it is more. */
export function cqlStatement(cql: string): CqlStatement {
  const found = known.get(cql)
  if (found) return found
  const statement = parse(cql.replaceAll(/\s+/g, ' ').trim())
  known.set(cql, statement)
  return statement
}

/** What a term stands for. */
export function valueIn(term: Term, params: readonly Param[], now: number): Param {
  if ('param' in term) return params[term.param]
  return 'now' in term ? now : term.value
}

const shapes = {
  insert: /^INSERT INTO (\S+) \((.+?)\) VALUES \((.+)\)(?: IF (NOT EXISTS))?(?: USING (.+))?$/,
  update: /^UPDATE (\S+) (?:USING (.+?) )?SET (.+?) WHERE (.+?)(?: IF (.+))?$/,
  delete: /^DELETE FROM (\S+) WHERE (.+?)(?: IF (.+))?$/,
  select: /^SELECT (.+?) FROM (\S+)(?: WHERE (.+?))?(?: LIMIT (\d+))?$/,
}

function parse(cql: string): CqlStatement {
  const terms = new Terms()
  const insert = shapes.insert.exec(cql)
  if (insert) {
    const [, table = '', columns = '', values = '', notExists, using] = insert
    const all = values.split(/, ?(?![^(]*\))/).map((value) => terms.read(value))
    const set = columns.split(', ').map((column, at) => ({ column: unquoted(column), term: all[at] ?? { value: null } }))
    return { do: 'write', isInsert: true, table: unquoted(table), set, where: [], condition: notExists === undefined ? null : { if: 'NOT EXISTS' }, ...terms.using(using) }
  }
  const update = shapes.update.exec(cql)
  if (update) {
    const [, table = '', using, assignments = '', where = '', condition] = update
    const written = terms.using(using)
    const set = assignments.split(', ').map((text) => { const { column, term } = terms.comparison(text); return { column, term } })
    return { do: 'write', isInsert: false, table: unquoted(table), set, where: terms.comparisons(where), condition: terms.condition(condition), ...written }
  }
  const remove = shapes.delete.exec(cql)
  if (remove) {
    const [, table = '', where = '', condition] = remove
    return { do: 'delete', table: unquoted(table), where: terms.comparisons(where), condition: terms.condition(condition), timestamp: null, ttl: null }
  }
  const select = shapes.select.exec(cql)
  if (!select) throw new TypeError(`The database in memory does not read: ${cql}`)
  const [, columns = '', table = '', where, limit] = select
  return { do: 'select', table: unquoted(table), columns: columns.split(', ').map(selected), where: where === undefined ? [] : terms.comparisons(where), limit: limit === undefined ? null : Number(limit) }
}

/** Terms in the order in which they stand, which is that of the parameters. */
class Terms {
  #params = 0

  read(text: string): Term {
    const term = text.trim()
    if (term === '?') return { param: this.#params++ }
    if (term === 'toTimestamp(now())') return { now: true }
    if (term === 'null') return { value: null }
    const quoted = /^'(.*)'$/.exec(term)
    if (quoted) return { value: (quoted[1] ?? '').replaceAll("''", "'") }
    if (/^-?\d+$/.test(term)) return { value: Number(term) }
    throw new TypeError(`The database in memory does not read the term ${term}`)
  }

  comparison(text: string): Comparison {
    const [, column = '', op, term = ''] = /^(\S+) (=|<=|>=|<|>|IN) (.+)$/.exec(text.trim()) ?? []
    if (op === undefined) throw new TypeError(`The database in memory does not read the condition ${text}`)
    if (op !== 'IN' || term === '?') return { column: unquoted(column), op: op as Comparison['op'], term: this.read(term) }
    const values = term.slice(1, -1).split(', ').map((value) => this.read(value))
    if (!values.every((value) => 'value' in value)) throw new TypeError(`The database in memory reads only a list of values or one parameter: ${text}`)
    return { column: unquoted(column), op, term: { value: values.map(({ value }) => value) } }
  }

  comparisons(text: string): Comparison[] {
    return text.split(' AND ').map((part) => this.comparison(part))
  }

  condition(text: string | undefined): Condition | null {
    if (text === undefined) return null
    return text === 'EXISTS' ? { if: 'EXISTS' } : { if: 'equal', all: this.comparisons(text) }
  }

  using(text: string | undefined): { timestamp: Term | null; ttl: Term | null } {
    const written: { timestamp: Term | null; ttl: Term | null } = { timestamp: null, ttl: null }
    for (const part of text?.split(' AND ') ?? []) {
      const [name, term = ''] = part.split(' ')
      written[name === 'TTL' ? 'ttl' : 'timestamp'] = this.read(term)
    }
    return written
  }
}

function selected(text: string): { name: string; column: string; isTtl: boolean } {
  const [, ttl, name] = /^TTL\((\S+)\) AS (\S+)$/.exec(text) ?? []
  return ttl === undefined ? { name: unquoted(text), column: unquoted(text), isTtl: false } : { name: unquoted(name ?? ''), column: unquoted(ttl), isTtl: true }
}

const unquoted = (name: string): string => name.replaceAll('"', '')
