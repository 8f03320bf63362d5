import { describe, expect, it } from '@jest/globals'
import { CassandraError } from './cassandra.errors.ts'
import { controlTables } from './control-tables.ts'
import { addedColumns, migrations, type ExistingTable } from './migrations.ts'
import { tableDdl, type TableColumn, type ViewTable } from './table-ddl.ts'
import { nightTrains, viewOf } from './testing/night-trains.ts'

const [, wanted] = tableDdl(nightTrains, viewOf('per-hour')) as [ViewTable, ViewTable]
const standing = (change: (columns: readonly TableColumn[]) => readonly TableColumn[] = (columns) => columns, ttlSeconds = wanted.ttlSeconds): ExistingTable =>
  ({ name: wanted.name, columns: change([...wanted.columns].reverse()), ttlSeconds })

const refusal = (existing: ExistingTable): string => {
  try {
    migrations(existing, wanted)
  } catch (error) {
    if (error instanceof CassandraError && error.code === 'cassandra_change_refused') return error.message
    throw error
  }
  return 'not refused'
}

describe('the migrations of a table', () => {
  it('make it where there is none', () => {
    expect(migrations(undefined, wanted)).toEqual([wanted.cql])
  })

  it('are none where it is as declared, whatever the order of its columns', () => {
    expect(migrations(standing(), wanted)).toEqual([])
  })

  it('leave the column of a measure that is gone where it is', () => {
    expect(migrations(standing((columns) => [...columns, { name: 'worst', type: 'double', role: 'regular' }]), wanted)).toEqual([])
  })

  it('add the columns of new measures', () => {
    expect(migrations(standing((columns) => columns.filter(({ name }) => name !== 'mean_delay' && name !== 'last_driver')), wanted)).toEqual([
      'ALTER TABLE night_trains_per_hour_v3_by_time ADD mean_delay double',
      'ALTER TABLE night_trains_per_hour_v3_by_time ADD last_driver text',
    ])
  })

  it('follow a changed retention', () => {
    expect(migrations(standing(undefined, 3_600), wanted)).toEqual(['ALTER TABLE night_trains_per_hour_v3_by_time WITH default_time_to_live = 172800'])
  })

  it.each<[string, (columns: readonly TableColumn[]) => readonly TableColumn[], string]>([
    ['another type', (columns) => columns.map((column) => (column.name === 'mean_delay' ? { ...column, type: 'bigint' } : column)), 'its column mean_delay is bigint, declared is double'],
    ['a group more', (columns) => columns.filter(({ name }) => name !== 'line'), 'its key lacks line'],
    ['a group less', (columns) => [...columns, { name: 'unit', type: 'uuid', role: 'clustering' }], 'its key has unit'],
    ['another place in the key', (columns) => columns.map((column) => (column.name === 'line' ? { ...column, role: 'partition' } : column)), 'its column line is a partition column, declared is clustering'],
  ])('refuse %s, naming table, column and cure', (_, change, problem) => {
    expect(refusal(standing(change))).toBe(`table night_trains_per_hour_v3_by_time: ${problem}. Declare the stream with a new version, or take the change back.`)
  })
})

it('adds only columns that the table is made with, and that it lacks', () => {
  for (const { name, cql, added = [] } of controlTables) for (const column of added) expect([name, cql.includes(`${column.name} ${column.type}`)]).toEqual([name, true])
  const table = { name: 'runs', cql: '', added: [{ name: 'range_from', type: 'bigint' }, { name: 'range_to', type: 'bigint' }] }
  const columns = (...names: string[]) => names.map((name) => ({ name, type: 'bigint', role: 'regular' as const }))
  expect(addedColumns({ columns: columns('id', 'range_to') }, table)).toEqual(['ALTER TABLE runs ADD range_from bigint'])
  expect(addedColumns({ columns: columns('range_from', 'range_to') }, table)).toEqual([])
})
