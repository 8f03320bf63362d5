import { roleDdl, TableReader, textOf, type CassandraSession } from '@millrace/cassandra'
import { logIn, type CassandraAccess } from './cassandra-logins.ts'
import { appRoles, type AppRole, type CassandraState, type RoleState } from './cassandra-steps.ts'

interface Superuser {
  readonly session: CassandraSession
  readonly isOurs: boolean
}

/** Reads what `cassandraSteps` compares. The roles' passwords are tried by logging in, all at once. */
export async function readCassandra({ session, isOurs }: Superuser, access: CassandraAccess): Promise<CassandraState> {
  const { keyspace } = access.admin
  const [canLogIn, roles, keyspaces, tables, ...hasRights] = await Promise.all([
    Promise.all(appRoles.map((role) => canLogInAs(access, role))),
    session.execute('SELECT role, can_login FROM system_auth.roles'),
    session.execute('SELECT keyspace_name FROM system_schema.keyspaces WHERE keyspace_name = ?', [keyspace]),
    new TableReader(session).tables(),
    ...appRoles.map((role) => hasItsRights(session, access, role)),
  ])
  const exists = (user: string): boolean => roles.some((row) => textOf(row, 'role') === user)
  const stateOf = (role: AppRole, index: number): RoleState =>
    !exists(access[role].user) ? 'missing' : canLogIn[index] !== true ? 'password' : hasRights[index] === true ? 'ready' : 'rights'
  return {
    isAdminReady: isOurs,
    isDefaultUserOpen: roles.some((row) => textOf(row, 'role') === 'cassandra' && row['can_login'] === true),
    roles: Object.fromEntries(appRoles.map((role, index) => [role, stateOf(role, index)])) as Record<AppRole, RoleState>,
    hasKeyspace: keyspaces.length > 0,
    tables,
  }
}

async function canLogInAs(access: CassandraAccess, role: AppRole): Promise<boolean> {
  const session = await logIn(access[role])
  await session?.close()
  return session !== null
}

async function hasItsRights(session: CassandraSession, access: CassandraAccess, role: AppRole): Promise<boolean> {
  const { user, keyspace } = access[role]
  const [row] = await session.execute('SELECT permissions FROM system_auth.role_permissions WHERE role = ? AND resource = ?', [user, `data/${keyspace}`])
  const granted = Array.isArray(row?.['permissions']) ? row['permissions'] : []
  return rightsOf(access, role).every((right) => granted.includes(right))
}

/** What `roleDdl` grants a role, read from its statements: so the two cannot disagree. */
function rightsOf(access: CassandraAccess, role: AppRole): string[] {
  return roleDdl(access[role].keyspace, access).flatMap((cql) => {
    const [, right, user] = /^GRANT (\w+) ON KEYSPACE \S+ TO "?([^"]+)"?$/.exec(cql) ?? []
    return right !== undefined && user === access[role].user ? [right] : []
  })
}
