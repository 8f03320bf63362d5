import { describe, expect, it } from '@jest/globals'
import { keyspaceDdl } from './keyspace-ddl.ts'
import { adminDdl, disableDefaultUserDdl, passwordDdl, roleDdl } from './role-ddl.ts'

const logins = { migrator: { user: 'm', password: 'mp' }, writer: { user: 'w', password: 'wp' }, reader: { user: 'r', password: 'rp' } }

describe('keyspace and roles', () => {
  it('put as many copies as asked into the data centre', () => {
    expect(keyspaceDdl({ keyspace: 'millrace', datacenter: 'datacenter1', replicationFactor: 3 }))
      .toBe("CREATE KEYSPACE IF NOT EXISTS millrace WITH replication = {'class': 'NetworkTopologyStrategy', 'datacenter1': 3}")
  })

  it('let each role do its part in the keyspace and no more', () => {
    expect(roleDdl('millrace', logins)).toEqual([
      "CREATE ROLE IF NOT EXISTS m WITH PASSWORD = 'mp' AND SUPERUSER = false AND LOGIN = true",
      'ALTER ROLE m WITH SUPERUSER = false AND LOGIN = true',
      'GRANT CREATE ON KEYSPACE millrace TO m',
      'GRANT ALTER ON KEYSPACE millrace TO m',
      'GRANT DROP ON KEYSPACE millrace TO m',
      'GRANT SELECT ON KEYSPACE millrace TO m',
      'GRANT MODIFY ON KEYSPACE millrace TO m',
      "CREATE ROLE IF NOT EXISTS w WITH PASSWORD = 'wp' AND SUPERUSER = false AND LOGIN = true",
      'ALTER ROLE w WITH SUPERUSER = false AND LOGIN = true',
      'GRANT SELECT ON KEYSPACE millrace TO w',
      'GRANT MODIFY ON KEYSPACE millrace TO w',
      "CREATE ROLE IF NOT EXISTS r WITH PASSWORD = 'rp' AND SUPERUSER = false AND LOGIN = true",
      'ALTER ROLE r WITH SUPERUSER = false AND LOGIN = true',
      'GRANT SELECT ON KEYSPACE millrace TO r',
    ])
  })

  it('make a superuser of our own and shut the one that everybody knows', () => {
    expect(adminDdl({ user: 'millrace_admin', password: 'p' })[0]).toBe("CREATE ROLE IF NOT EXISTS millrace_admin WITH PASSWORD = 'p' AND SUPERUSER = true AND LOGIN = true")
    expect(disableDefaultUserDdl()).toEqual(['ALTER ROLE cassandra WITH SUPERUSER = false AND LOGIN = false'])
  })

  it('change a password apart from all that may be repeated', () => {
    expect(passwordDdl({ user: 'w', password: 'new' })).toBe("ALTER ROLE w WITH PASSWORD = 'new'")
  })

  it('cannot be broken out of by a password or a name', () => {
    const [create] = adminDdl({ user: 'o"brien', password: "x' OR SUPERUSER = 'y" })
    expect(create).toBe(`CREATE ROLE IF NOT EXISTS "o""brien" WITH PASSWORD = 'x'' OR SUPERUSER = ''y' AND SUPERUSER = true AND LOGIN = true`)
  })
})
