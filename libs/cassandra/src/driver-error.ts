import cassandra from 'cassandra-driver'
import { CassandraError, cassandraErrorCodes, type CassandraErrorCode } from './cassandra.errors.ts'

const { errors, types } = cassandra
const { responseErrorCodes: server } = types

export interface Attempt {
  /** What was being done, for the message: "writing 12 rows to trades_per_minute_v1". */
  readonly action: string
  readonly contactPoints: readonly string[]
  /** Doing it twice is doing it once. False for lightweight transactions. */
  readonly isRepeatable: boolean
}

const unreachable = 'cassandra_unreachable'
const timeout = 'cassandra_timeout'
const unknown = 'cassandra_outcome_unknown'
const overloaded = 'cassandra_overloaded'
const refused = 'cassandra_request_refused'
const missing = 'cassandra_schema_missing'
const login = 'cassandra_login_refused'
const forbidden = 'cassandra_forbidden'
const datacenter = 'cassandra_datacenter_unknown'
const closed = 'cassandra_session_closed'

/** Turns whatever the driver throws into an error that callers can decide on. One of ours passes unchanged. */
export function cassandraError(cause: unknown, attempt: Attempt): CassandraError {
  if (cause instanceof CassandraError) return cause
  const { action, contactPoints } = attempt
  const code = judge(cause, attempt.isRepeatable)
  return new CassandraError(code, `${action}: Cassandra at ${contactPoints.join(', ')}: ${textOf(cause)}. ${cassandraErrorCodes[code].remedy}`, { fields: { action }, cause })
}

function judge(cause: unknown, isRepeatable: boolean): CassandraErrorCode {
  if (cause instanceof errors.NoHostAvailableError) return judgeHosts(cause, isRepeatable)
  if (cause instanceof errors.AuthenticationError) return login
  if (cause instanceof errors.OperationTimedOutError) return isRepeatable ? timeout : unknown
  if (cause instanceof errors.BusyConnectionError) return overloaded
  if (cause instanceof errors.ResponseError) return judgeAnswer(cause.code, cause.message, isRepeatable)
  if (isSocketError(cause)) return cause.requestNotWritten ? unreachable : isRepeatable ? unreachable : unknown
  if (cause instanceof errors.ArgumentError && cause.message.includes('data center')) return datacenter
  if (cause instanceof Error && /shutdown|shutting down/i.test(cause.message)) return closed
  return refused
}

/** The driver tried node after node: the first that tells more than "not reachable" decides. */
function judgeHosts(cause: { innerErrors: unknown }, isRepeatable: boolean): CassandraErrorCode {
  const told = innerOf(cause).filter((inner) => inner instanceof Error).map((inner) => judge(inner, isRepeatable))
  return told.find((code) => code === unknown) ?? told.find((code) => code !== unreachable && code !== refused) ?? unreachable
}

/** Answers after which a write may have been done or not; 0x1700 is that of a compare-and-set. */
const doubtful = new Set<number>([server.writeTimeout, server.readTimeout, server.writeFailure, server.readFailure, 0x1700])
const busy = new Set<number>([server.overloaded, server.isBootstrapping, server.unavailableException, server.serverError, server.truncateError])
const unfit = new Set<number>([server.configError, server.invalid])
const strange = new Set<number>([server.badCredentials])
const barred = new Set<number>([server.unauthorized])

function judgeAnswer(code: number, message: string, isRepeatable: boolean): CassandraErrorCode {
  if (doubtful.has(code)) return isRepeatable ? timeout : unknown
  if (busy.has(code)) return overloaded
  if (strange.has(code)) return login
  if (barred.has(code)) return forbidden
  return unfit.has(code) && /does not exist|unconfigured table|undefined column|unknown identifier/i.test(message) ? missing : refused
}

const isSocketError = (cause: unknown): cause is { requestNotWritten?: boolean } => typeof cause === 'object' && cause !== null && 'isSocketError' in cause && cause.isSocketError === true

/** The first line: the driver puts stacks and whole host lists behind it. */
function textOf(cause: unknown): string {
  const told = cause instanceof errors.NoHostAvailableError ? (innerOf(cause).find((inner) => inner instanceof Error) ?? cause) : cause
  const [line = ''] = (told instanceof Error ? told.message : String(told)).split('\n')
  return line.replace(/\.$/, '')
}

const innerOf = ({ innerErrors }: { innerErrors: unknown }): unknown[] => (typeof innerErrors === 'object' && innerErrors !== null ? Object.values(innerErrors) : [])
