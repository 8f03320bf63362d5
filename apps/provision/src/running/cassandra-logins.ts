import { CassandraError, CassandraSession, type CassandraRole, type CassandraSettings } from '@millrace/cassandra'
import { noLogin } from '../provision.errors.ts'

/** How to reach Cassandra as each of our roles. */
export type CassandraAccess = Readonly<Record<CassandraRole, CassandraSettings>>

/** The superuser that every new cluster has, with the password that everybody knows. */
const defaultUser = { user: 'cassandra', password: 'cassandra' } as const

/** Opens a session, or gives null where user and password are refused. Throws where Cassandra cannot be asked. */
export async function logIn(settings: CassandraSettings, { usesKeyspace = false }: { usesKeyspace?: boolean } = {}): Promise<CassandraSession | null> {
  try {
    return await CassandraSession.open(settings, { isImpatient: true, usesKeyspace })
  } catch (error) {
    if (error instanceof CassandraError && error.code === 'cassandra_login_refused') return null
    throw error
  }
}

/** A superuser's session: ours, or on a new cluster the default one. */
export async function logInAsSuperuser({ admin }: CassandraAccess): Promise<{ readonly session: CassandraSession; readonly isOurs: boolean }> {
  const ours = await logIn(admin)
  if (ours) return { session: ours, isOurs: true }
  const session = await logIn({ ...admin, ...defaultUser })
  if (session) return { session, isOurs: false }
  throw noLogin(admin.user, null)
}
