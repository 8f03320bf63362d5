import { cassandraSettings, controlTables, tableDdl, type CassandraRole, type CassandraSettings } from '@millrace/cassandra'
import { kafkaSettings, TopicAdmin, topicSpecs } from '@millrace/kafka'
import { readSettings, type Environment } from '@millrace/service'
import type { Catalogue } from '@millrace/stream-kit'
import type { CassandraAccess } from './cassandra-logins.ts'
import { CassandraTarget } from './cassandra-target.ts'
import type { Target } from './change.ts'
import { KafkaTarget } from './kafka-target.ts'

/** The running systems that the catalogue changes, from the settings. */
export function targets({ streams }: Pick<Catalogue, 'streams'>, env?: Environment): Target[] {
  const settings = (role: CassandraRole): CassandraSettings => readSettings(cassandraSettings(role), env)
  const access: CassandraAccess = { admin: settings('admin'), migrator: settings('migrator'), writer: settings('writer'), reader: settings('reader') }
  return [
    new KafkaTarget(new TopicAdmin(readSettings(kafkaSettings, env)), streams.flatMap(topicSpecs)),
    new CassandraTarget(access, {
      cluster: access.admin,
      logins: access,
      controlTables,
      viewTables: streams.flatMap((stream) => stream.views.flatMap((view) => tableDdl(stream, view))),
    }),
  ]
}
