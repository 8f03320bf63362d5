import { MillraceError, type ErrorCatalogue, type ErrorContext } from '@millrace/stream-kit'

/** Every code that this library throws. docs/errors.md is generated from it. */
export const cassandraErrorCodes = {
  cassandra_unreachable: {
    retry: 'later', means: 'No node of Cassandra took the request. Nothing was done.',
    remedy: 'Check that it runs (npm run status) and MILLRACE_CASSANDRA_CONTACT_POINTS.',
  },
  cassandra_timeout: {
    retry: 'later', means: 'Cassandra took the request and did not answer in time. The request is repeatable.',
    remedy: 'None while it is rare. Else look at the load of Cassandra and its disk.',
  },
  cassandra_outcome_unknown: {
    retry: 'later', means: 'A lightweight transaction was sent and its answer is lost: it may have been applied or not.',
    remedy: 'None needed: it is found out by a read with serial consistency, never by sending it again.',
  },
  cassandra_overloaded: {
    retry: 'later', means: 'Too few replicas answer, or Cassandra has too much to do.',
    remedy: 'None while it passes. Else start the nodes that are missing, or give Cassandra more.',
  },
  cassandra_login_refused: {
    retry: 'later', means: 'The user or its password is refused.',
    remedy: 'Make the roles with: node apps/provision/dist/main.mjs apply. If they exist, the password file is not theirs.',
  },
  cassandra_forbidden: {
    retry: 'later', means: 'The role may not do this.',
    remedy: 'Grant the roles with: node apps/provision/dist/main.mjs apply.',
  },
  cassandra_schema_missing: {
    retry: 'later', means: 'A keyspace, table or column does not exist.',
    remedy: 'Make the tables with: node apps/provision/dist/main.mjs apply.',
  },
  cassandra_datacenter_unknown: {
    retry: 'never', means: 'No node is in the data centre of the settings.',
    remedy: 'Set MILLRACE_CASSANDRA_DATACENTER to what nodetool status names.',
  },
  cassandra_request_refused: {
    retry: 'never', means: 'Cassandra refuses the statement or a value as such. It is never sent again as it is.',
    remedy: 'Report it: this is a mistake in the program.',
  },
  cassandra_value_unreadable: {
    retry: 'never', means: 'A cell does not hold what its column says, such as a number beyond 2^53 − 1.',
    remedy: 'Only Millrace may write its tables: look who else does.',
  },
  cassandra_session_closed: {
    retry: 'never', means: 'The session has been closed.',
    remedy: 'None where a worker stops. Else report it.',
  },
  cassandra_change_refused: {
    retry: 'never', means: 'A table cannot be changed into what the declaration says.',
    remedy: 'Declare the stream with a new version, or take the change back.',
  },
  cassandra_generation_moved: {
    retry: 'never', means: 'A generation is not in the state that the step needs.',
    remedy: 'None where two bridges meet. Else look at GET /v1/queries, and rebuild the stream.',
  },
  cassandra_window_refused: {
    retry: 'never', means: 'A window record does not fit the view it names.',
    remedy: 'None needed for windows of an older plan: they are kept as dead letters, and the new plan is a new generation.',
  },
} as const satisfies ErrorCatalogue

export type CassandraErrorCode = keyof typeof cassandraErrorCodes

export class CassandraError extends MillraceError {
  declare readonly code: CassandraErrorCode

  constructor(code: CassandraErrorCode, message: string, context: ErrorContext = {}) {
    super(code, message, { ...context, retry: cassandraErrorCodes[code].retry })
  }
}
