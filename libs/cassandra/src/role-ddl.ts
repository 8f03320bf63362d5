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
export const adminDdl = ({ user, password }: RoleLogin): readonly string[] => roleWith({ user, password }, 'SUPERUSER = true AND LOGIN = true')

/** Shuts the superuser that every new cluster has: run as our own, after which nobody gets in with a known password. */
export const disableDefaultUserDdl = (): readonly string[] => ['ALTER ROLE cassandra WITH SUPERUSER = false AND LOGIN = false']

/** The roles of the apps and what each may do in the keyspace: run as the superuser. Repeating it sets the passwords anew. */
export function roleDdl(keyspace: string, logins: RoleLogins): readonly string[] {
  const names = ['migrator', 'writer', 'reader'] as const
  return names.flatMap((name) => [
    ...roleWith(logins[name], 'SUPERUSER = false AND LOGIN = true'),
    ...grants[name].map((right) => `GRANT ${right} ON KEYSPACE ${identifier(keyspace)} TO ${identifier(logins[name].user)}`),
  ])
}

const roleWith = ({ user, password }: RoleLogin, rights: string): string[] => [
  `CREATE ROLE IF NOT EXISTS ${identifier(user)} WITH PASSWORD = ${literal(password)} AND ${rights}`,
  `ALTER ROLE ${identifier(user)} WITH PASSWORD = ${literal(password)} AND ${rights}`,
]
