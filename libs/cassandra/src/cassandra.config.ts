import { defineSettings } from '@millrace/service'

/** Who a session logs in as. Each may do only what its part of the work needs, see role-ddl.ts. */
export type CassandraRole = 'admin' | 'migrator' | 'writer' | 'reader'

export const cassandraRoles = ['admin', 'migrator', 'writer', 'reader'] as const satisfies readonly CassandraRole[]

const cluster = defineSettings({
  contactPoints: { env: 'MILLRACE_CASSANDRA_CONTACT_POINTS', kind: 'list', default: ['127.0.0.1:19042'], about: 'Nodes of Cassandra to connect to first, host:port, separated by commas.' },
  datacenter: { env: 'MILLRACE_CASSANDRA_DATACENTER', kind: 'text', default: 'datacenter1', about: 'The data centre of Cassandra whose nodes are used, as `nodetool status` names it.' },
  keyspace: { env: 'MILLRACE_CASSANDRA_KEYSPACE', kind: 'text', default: 'millrace', about: 'The keyspace that holds all tables.' },
  replicationFactor: { env: 'MILLRACE_CASSANDRA_REPLICATION_FACTOR', kind: 'int', default: 1, min: 1, about: 'Copies of each row in the data centre. With 1, the loss of a node loses its rows.' },
}, { title: 'Cassandra' })

const admin = defineSettings({
  user: { env: 'MILLRACE_CASSANDRA_ADMIN_USER', kind: 'text', default: 'millrace_admin', about: 'The superuser that makes the other roles.' },
  password: { env: 'MILLRACE_CASSANDRA_ADMIN_PASSWORD_FILE', kind: 'secretFile', default: '.millrace/secrets/cassandra-admin', about: 'File with the password of the superuser.', secret: true },
}, { title: 'Cassandra' })

const migrator = defineSettings({
  user: { env: 'MILLRACE_CASSANDRA_MIGRATOR_USER', kind: 'text', default: 'millrace_migrator', about: 'The role that makes and changes tables.' },
  password: { env: 'MILLRACE_CASSANDRA_MIGRATOR_PASSWORD_FILE', kind: 'secretFile', default: '.millrace/secrets/cassandra-migrator', about: 'File with the password of the role that makes tables.', secret: true },
}, { title: 'Cassandra' })

const writer = defineSettings({
  user: { env: 'MILLRACE_CASSANDRA_WRITER_USER', kind: 'text', default: 'millrace_writer', about: 'The role that reads and writes rows.' },
  password: { env: 'MILLRACE_CASSANDRA_WRITER_PASSWORD_FILE', kind: 'secretFile', default: '.millrace/secrets/cassandra-writer', about: 'File with the password of the role that writes rows.', secret: true },
}, { title: 'Cassandra' })

const reader = defineSettings({
  user: { env: 'MILLRACE_CASSANDRA_READER_USER', kind: 'text', default: 'millrace_reader', about: 'The role that only reads rows.' },
  password: { env: 'MILLRACE_CASSANDRA_READER_PASSWORD_FILE', kind: 'secretFile', default: '.millrace/secrets/cassandra-reader', about: 'File with the password of the role that only reads.', secret: true },
}, { title: 'Cassandra' })

const roles = { admin, migrator, writer, reader }

/** The table to read for a session of a role: `CassandraSession.open(readSettings(cassandraSettings('writer')))`. */
export const cassandraSettings = (role: CassandraRole) => ({ ...cluster, ...roles[role] })

/** Where Cassandra is and who logs in. */
export interface CassandraSettings {
  readonly contactPoints: readonly string[]
  readonly datacenter: string
  readonly keyspace: string
  readonly replicationFactor: number
  readonly user: string
  readonly password: string
}
