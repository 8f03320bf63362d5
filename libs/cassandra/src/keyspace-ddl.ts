import type { CassandraSettings } from './cassandra.config.ts'
import { identifier, literal } from './identifier.ts'

/** The CQL that makes the keyspace. The number of copies of one that exists is changed by whoever runs the cluster. */
export const keyspaceDdl = ({ keyspace, datacenter, replicationFactor }: Pick<CassandraSettings, 'keyspace' | 'datacenter' | 'replicationFactor'>): string =>
  `CREATE KEYSPACE IF NOT EXISTS ${identifier(keyspace)} WITH replication = {'class': 'NetworkTopologyStrategy', ${literal(datacenter)}: ${replicationFactor}}`
