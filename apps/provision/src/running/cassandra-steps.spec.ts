import { tableDdl, type ExistingTable } from '@millrace/cassandra'
import { earthquakes } from '@millrace/streams'
import { describe, expect, it } from '@jest/globals'
import { cassandraSteps, type CassandraState, type CassandraWish } from './cassandra-steps.ts'

const login = (user: string) => ({ user, password: `secret of ${user}` })
const [view] = earthquakes.views
if (!view) throw new Error('The stream lost its views.')
const tables = tableDdl(earthquakes, view)
const wish: CassandraWish = {
  cluster: { keyspace: 'millrace', datacenter: 'datacenter1', replicationFactor: 1 },
  logins: { admin: login('millrace_admin'), migrator: login('millrace_migrator'), writer: login('millrace_writer'), reader: login('millrace_reader') },
  controlTables: [{ name: 'streams', cql: 'CREATE TABLE IF NOT EXISTS streams (…)' }],
  viewTables: tables,
}
const asWished = new Map<string, ExistingTable>([...tables, { name: 'streams', columns: [], ttlSeconds: 0 }].map((table) => [table.name, table]))
const done: CassandraState = { isAdminReady: true, isDefaultUserOpen: false, roles: { migrator: 'ready', writer: 'ready', reader: 'ready' }, hasKeyspace: true, tables: asWished }
const told = (state: CassandraState) => cassandraSteps(state, wish).map(({ change: { action, what }, as }) => `${as}: ${action} ${what}`)

describe('the steps in Cassandra', () => {
  it('are none where everything is as declared', () => {
    expect(told(done)).toEqual([])
  })

  it('begin on a new cluster with our superuser, then shut the one that everybody knows', () => {
    expect(told({ isAdminReady: false, isDefaultUserOpen: true, roles: { migrator: 'missing', writer: 'missing', reader: 'missing' }, hasKeyspace: false, tables: new Map() })).toEqual([
      'default: create role millrace_admin',
      'admin: change role cassandra',
      'admin: create keyspace millrace',
      'admin: create roles millrace_migrator, millrace_writer, millrace_reader',
      'migrator: create table streams',
      'migrator: create table earthquakes_per_hour_v1',
      'migrator: create table earthquakes_per_hour_v1_by_time',
    ])
  })

  it('shut the known superuser whenever he is open again', () => {
    expect(told({ ...done, isDefaultUserOpen: true })).toEqual(['admin: change role cassandra'])
  })

  it('grant what a role lacks, and set the password of a role whose file has changed', () => {
    const steps = cassandraSteps({ ...done, roles: { migrator: 'ready', writer: 'rights', reader: 'password' } }, wish)
    expect(steps.map(({ change }) => change.what)).toEqual(['roles millrace_writer', 'role millrace_reader'])
    expect(steps[1]?.cql).toEqual(["ALTER ROLE millrace_reader WITH PASSWORD = 'secret of millrace_reader'"])
  })

  it('never show a password in what people read', () => {
    const steps = cassandraSteps({ ...done, isAdminReady: false, roles: { migrator: 'missing', writer: 'missing', reader: 'password' } }, wish)
    expect(JSON.stringify(steps.map(({ change }) => change))).not.toContain('secret of')
  })

  it('add a measure to a table that lacks it', () => {
    const [byGroup] = tables
    if (!byGroup) throw new Error('The view lost its table.')
    const lacking = new Map([...asWished, [byGroup.name, { ...byGroup, columns: byGroup.columns.filter(({ name }) => name !== 'strongest') }]])
    expect(cassandraSteps({ ...done, tables: lacking }, wish)).toEqual([
      { change: { action: 'change', what: 'table earthquakes_per_hour_v1', detail: 'ADD strongest double' }, as: 'migrator', cql: ['ALTER TABLE earthquakes_per_hour_v1 ADD strongest double'] },
    ])
  })

  it('add a column to a table of the platform that was made before it', () => {
    const controlTables = [{ name: 'streams', cql: '…', added: [{ name: 'range_from', type: 'bigint' }, { name: 'stream', type: 'text' }] }]
    const standing = new Map([...asWished, ['streams', { name: 'streams', columns: [{ name: 'stream', type: 'text', role: 'partition' as const }], ttlSeconds: 0 }]])
    expect(cassandraSteps({ ...done, tables: standing }, { ...wish, controlTables })).toEqual([
      { change: { action: 'change', what: 'table streams', detail: 'ADD range_from bigint' }, as: 'migrator', cql: ['ALTER TABLE streams ADD range_from bigint'] },
    ])
  })

  it('refuse a table whose key is another, and say that it takes a new version', () => {
    const [byGroup] = tables
    if (!byGroup) throw new Error('The view lost its table.')
    const other = new Map([...asWished, [byGroup.name, { ...byGroup, columns: byGroup.columns.map((column) => (column.name === 'network' ? { ...column, type: 'uuid' } : column)) }]])
    const [step] = cassandraSteps({ ...done, tables: other }, wish)
    expect(step).toMatchObject({ change: { action: 'refuse', what: 'table earthquakes_per_hour_v1', detail: expect.stringContaining('new version') }, cql: [] })
  })
})
