import { MillraceError } from '@millrace/stream-kit'

/** Every code that this library throws, with what it means. */
export const cassandraErrorCodes = {
  cassandra_unreachable: 'No node of Cassandra took the request. Nothing was done; it is tried again later.',
  cassandra_timeout: 'Cassandra took the request and did not answer in time. It is repeatable and tried again later.',
  cassandra_outcome_unknown: 'A lightweight transaction was sent and its answer is lost: it may have been applied or not. Find out by a read with serial consistency, never by sending it again.',
  cassandra_overloaded: 'Too few replicas, or too much to do for Cassandra. Tried again later.',
  cassandra_login_refused: 'The user or its password is refused. Roles are made by `provision apply`.',
  cassandra_forbidden: 'The role may not do this. Grants are made by `provision apply`.',
  cassandra_schema_missing: 'A keyspace, table or column does not exist. `provision apply` makes them.',
  cassandra_datacenter_unknown: 'No node is in the data centre of the settings.',
  cassandra_request_refused: 'Cassandra refuses the statement or a value as such. It is never sent again as it is.',
  cassandra_value_unreadable: 'A cell does not hold what its column says, such as a number beyond 2^53 − 1.',
  cassandra_session_closed: 'The session has been closed.',
  cassandra_change_refused: 'A table cannot be changed into what the declaration says. A changed shape is a new version of the stream.',
  cassandra_generation_moved: 'A generation is not in the state that the step needs.',
  cassandra_window_refused: 'A window record does not fit the view it names.',
} as const

export type CassandraErrorCode = keyof typeof cassandraErrorCodes

export class CassandraError extends MillraceError {
  declare readonly code: CassandraErrorCode
}
