import { addedColumns, adminDdl, CassandraError, disableDefaultUserDdl, keyspaceDdl, migrations, passwordDdl, roleDdl, type CassandraRole, type CassandraSettings, type ControlTable, type ExistingTable, type RoleLogin, type ViewTable } from '@millrace/cassandra'
import type { Change } from './change.ts'

/** Roles that apps log in with; the admin's is only ours. */
export type AppRole = Exclude<CassandraRole, 'admin'>
export const appRoles = ['migrator', 'writer', 'reader'] as const satisfies readonly AppRole[]

/** `password`: it exists, but its file holds another one. `rights`: it may not do all it must. */
export type RoleState = 'ready' | 'missing' | 'password' | 'rights'

/** Cassandra as it is. */
export interface CassandraState {
  /** Whether our superuser can log in with its password. */
  readonly isAdminReady: boolean
  /** Whether the superuser that every new cluster has can still log in. */
  readonly isDefaultUserOpen: boolean
  readonly roles: Readonly<Record<AppRole, RoleState>>
  readonly hasKeyspace: boolean
  readonly tables: ReadonlyMap<string, ExistingTable>
}

/** Cassandra as it must be. */
export interface CassandraWish {
  readonly cluster: Pick<CassandraSettings, 'keyspace' | 'datacenter' | 'replicationFactor'>
  readonly logins: Readonly<Record<CassandraRole, RoleLogin>>
  readonly controlTables: readonly ControlTable[]
  readonly viewTables: readonly ViewTable[]
}

/** One thing to do: what it is for people, who does it, and the statements, which may hold passwords. */
export interface CassandraStep {
  readonly change: Change
  readonly as: 'default' | 'admin' | 'migrator'
  readonly cql: readonly string[]
}

/** The steps from what is to what must be, in order. A table that cannot be changed is a step that refuses. */
export function cassandraSteps(state: CassandraState, { cluster, logins, controlTables, viewTables }: CassandraWish): CassandraStep[] {
  const rolesThat = (...are: readonly RoleState[]) => appRoles.filter((role) => are.includes(state.roles[role]))
  const lacking = rolesThat('missing', 'rights')
  const steps: CassandraStep[] = []
  if (!state.isAdminReady) steps.push({ change: { action: 'create', what: `role ${logins.admin.user}`, detail: 'superuser' }, as: 'default', cql: adminDdl(logins.admin) })
  if (state.isDefaultUserOpen) steps.push({ change: { action: 'change', what: 'role cassandra', detail: 'no login, no superuser: its password is known to everybody' }, as: 'admin', cql: disableDefaultUserDdl() })
  if (!state.hasKeyspace) steps.push({ change: { action: 'create', what: `keyspace ${cluster.keyspace}`, detail: `${cluster.replicationFactor} ${cluster.replicationFactor === 1 ? 'copy' : 'copies'} in ${cluster.datacenter}` }, as: 'admin', cql: [keyspaceDdl(cluster)] })
  if (lacking.length > 0) steps.push({ change: { action: 'create', what: `roles ${lacking.map((role) => logins[role].user).join(', ')}`, detail: 'passwords from their files, and grants' }, as: 'admin', cql: roleDdl(cluster.keyspace, logins) })
  for (const role of rolesThat('password')) steps.push({ change: { action: 'change', what: `role ${logins[role].user}`, detail: 'the password of its file' }, as: 'admin', cql: [passwordDdl(logins[role])] })
  for (const table of controlTables) steps.push(...controlTableSteps(state.tables.get(table.name), table))
  for (const table of viewTables) steps.push(...viewTableSteps(state.tables.get(table.name), table))
  return steps
}

const createTable = (name: string, cql: string): CassandraStep => ({ change: { action: 'create', what: `table ${name}`, detail: '' }, as: 'migrator', cql: [cql] })

function controlTableSteps(existing: ExistingTable | undefined, table: ControlTable): CassandraStep[] {
  if (!existing) return [createTable(table.name, table.cql)]
  return addedColumns(existing, table).map((cql) => ({ change: { action: 'change', what: `table ${table.name}`, detail: cql.replace(/^ALTER TABLE \S+ /, '') }, as: 'migrator', cql: [cql] }))
}

function viewTableSteps(existing: ExistingTable | undefined, table: ViewTable): CassandraStep[] {
  if (!existing) return [createTable(table.name, table.cql)]
  try {
    return migrations(existing, table).map((cql) => ({ change: { action: 'change', what: `table ${table.name}`, detail: cql.replace(/^ALTER TABLE \S+ /, '') }, as: 'migrator', cql: [cql] }))
  } catch (error) {
    if (!(error instanceof CassandraError) || error.code !== 'cassandra_change_refused') throw error
    return [{ change: { action: 'refuse', what: `table ${table.name}`, detail: error.message.replace(/^table \S+: /, '') }, as: 'migrator', cql: [] }]
  }
}
