import type { CassandraRole } from './cassandra.config.ts'
import { identifier, literal } from './identifier.ts'

export interface RoleLogin {
  readonly user: string
  readonly password: string
}

export type RoleLogins = Readonly<Record<Exclude<CassandraRole, 'admin'>, RoleLogin>>

const grants: Readonly<Record<Exclude<CassandraRole, 'admin'>, readonly string[]>> = {
  migrator: ['CREATE', 'ALTER', 'DROP', 'SELECT', 'MODIFY'],
  writer: ['SELECT', 'MODIFY'],
  reader: ['SELECT'],
}

/** The superuser of our own: run as `cassandra`, once, on a new cluster. */
export const adminDdl = (login: RoleLogin): readonly string[] => roleWith(login, 'SUPERUSER = true AND LOGIN = true')

/** Shuts the superuser that every new cluster has: run as our own, after which nobody gets in with a known password. */
export const disableDefaultUserDdl = (): readonly string[] => ['ALTER ROLE cassandra WITH SUPERUSER = false AND LOGIN = false']

/** The roles of the apps and what each may do in the keyspace: run as the superuser, any number of times. */
export function roleDdl(keyspace: string, logins: RoleLogins): readonly string[] {
  const names = ['migrator', 'writer', 'reader'] as const
  return names.flatMap((name) => [
    ...roleWith(logins[name], 'SUPERUSER = false AND LOGIN = true'),
    ...grants[name].map((right) => `GRANT ${right} ON KEYSPACE ${identifier(keyspace)} TO ${identifier(logins[name].user)}`),
  ])
}

/** Gives a role the password of its file: for a role that exists and whose login is refused. Cassandra takes one change in five seconds. */
export const passwordDdl = ({ user, password }: RoleLogin): string => `ALTER ROLE ${identifier(user)} WITH PASSWORD = ${literal(password)}`

/** The password is set only where the role is new: a repeated change is refused for five seconds. */
const roleWith = ({ user, password }: RoleLogin, rights: string): string[] => [
  `CREATE ROLE IF NOT EXISTS ${identifier(user)} WITH PASSWORD = ${literal(password)} AND ${rights}`,
  `ALTER ROLE ${identifier(user)} WITH ${rights}`,
]
