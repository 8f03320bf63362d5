import { Code, ConnectError } from '@connectrpc/connect'
import { ErrorInfoSchema } from '../gen/google/rpc/error_details_pb.js'
import { SparkError, type SparkErrorCode } from './spark.errors.ts'
import { systemCode } from './system-code.ts'

/** What is known of a failure, from the answer to a call or from a query that has ended. */
export interface SparkFailure {
  /** Spark's own name of the error, such as `INVALID_HANDLE.SESSION_CHANGED`. Most errors of the server have one. */
  readonly errorClass?: string | undefined
  readonly sqlState?: string | undefined
  readonly javaClass?: string | undefined
  readonly grpcCode?: Code | undefined
  /** Node's, where the network failed. */
  readonly systemCode?: string | undefined
  /** The message with its causes. */
  readonly text: string
}

interface Rule {
  readonly code: SparkErrorCode
  readonly errorClass?: RegExp
  readonly sqlState?: RegExp
  readonly javaClass?: RegExp
  /** Only where Spark gives no class, or one that covers everything (`STREAM_FAILED`). */
  readonly text?: RegExp
  readonly grpcCode?: readonly Code[]
}

/**
 * The first rule that fits decides. Text is asked only for what Spark does not classify: a query that ended has the
 * class STREAM_FAILED whatever the reason, and the reason is in the chain of causes.
 */
const rules: readonly Rule[] = [
  { code: 'spark_unauthenticated', grpcCode: [Code.Unauthenticated, Code.PermissionDenied] },
  { code: 'spark_session_changed', errorClass: /^INVALID_HANDLE\.SESSION_(CHANGED|NOT_FOUND|CLOSED)$/ },
  { code: 'spark_query_exists', text: /Cannot start query with name .* is already active/ },
  { code: 'spark_query_unknown', errorClass: /STREAMING_QUERY_NOT_FOUND$/ },
  // Before all that speaks of the checkpoint: it could not be written, which says nothing about what stands there.
  { code: 'spark_disk_full', text: /No space left on device|Disk quota exceeded/ },
  { code: 'spark_data_loss', errorClass: /^KAFKA_DATA_LOSS|^KAFKA_START_OFFSET/ },
  { code: 'spark_data_loss', text: /Some data may have been lost because they are not available in Kafka|KAFKA_DATA_LOSS|OffsetOutOfRangeException/ },
  { code: 'spark_checkpoint_corrupt', errorClass: /^CANNOT_LOAD_STATE_STORE|^CANNOT_LOAD_CHECKPOINT|^STATE_STORE_|^CHECKPOINT/ },
  { code: 'spark_checkpoint_corrupt', text: /CANNOT_LOAD_STATE_STORE|Incomplete log file|ChecksumException|Checkpoint location .* corrupt/ },
  // The only JSON that a start reads by itself is the checkpoint's.
  { code: 'spark_checkpoint_corrupt', javaClass: /^com\.fasterxml\.jackson\./ },
  { code: 'spark_missing_topic', text: /UnknownTopicOrPartitionException|KAFKA_TOPIC_PARTITION_NOT_FOUND|not present in metadata/ },
  { code: 'spark_broker_unreachable', text: /org\.apache\.kafka\.common\.errors\.(TimeoutException|DisconnectException)|No resolvable bootstrap urls|Failed to construct kafka|Failed to create new KafkaAdminClient/ },
  { code: 'spark_plan_refused', sqlState: /^(42|0A|22)/ },
  { code: 'spark_unreachable', grpcCode: [Code.Unavailable, Code.Aborted, Code.DeadlineExceeded, Code.Canceled] },
]

/** What a failure means to the one who called. */
export function classify(failure: SparkFailure): SparkErrorCode {
  const fits = ({ errorClass, sqlState, javaClass, text, grpcCode }: Rule) =>
    matches(errorClass, failure.errorClass) && matches(sqlState, failure.sqlState) && matches(javaClass, failure.javaClass) && matches(text, failure.text) &&
    (grpcCode === undefined || (failure.grpcCode !== undefined && grpcCode.includes(failure.grpcCode)))
  const isOfNetwork = failure.errorClass === undefined && failure.systemCode !== undefined
  return rules.find(fits)?.code ?? (isOfNetwork ? 'spark_unreachable' : 'spark_failed')
}

const matches = (pattern: RegExp | undefined, text: string | undefined) => pattern === undefined || (text !== undefined && pattern.test(text))

/** Turns whatever a call threw into a SparkError that names the action. */
export function sparkError(action: string, thrown: unknown): SparkError {
  if (thrown instanceof SparkError) return thrown
  const error = ConnectError.from(thrown)
  const info = error.findDetails(ErrorInfoSchema)[0]
  const { errorClass, sqlState, errorId } = info?.metadata ?? {}
  const failure: SparkFailure = { errorClass, sqlState, javaClass: info?.reason, grpcCode: error.code, systemCode: systemCode(error), text: error.rawMessage }
  return new SparkError(classify(failure), `${action}: ${firstLines(error.rawMessage)}`, {
    fields: { action, errorClass, sqlState, errorId, javaClass: info?.reason, grpc: Code[error.code] },
    cause: thrown,
  })
}

/** Why a query has ended, from what its `exception()` said. */
export function queryFailure(action: string, { message, errorClass, stackTrace }: { message: string; errorClass?: string; stackTrace?: string }): SparkError {
  const code = classify({ errorClass, text: `${message}\n${stackTrace ?? ''}` })
  return new SparkError(code, `${action}: ${rootCause(message, stackTrace)}`, { fields: { action, errorClass } })
}

const longest = 1_000

const firstLines = (text: string) => (text.split('\n').slice(0, 4).join(' ').trim() || 'no message').slice(0, longest)

/** The last `Caused by:` tells most; Spark's own message repeats the whole plan. */
function rootCause(message: string, stackTrace = ''): string {
  const causes = [...stackTrace.matchAll(/^Caused by: (.+)$/gm)].map(([, cause = '']) => cause)
  const said = firstLines(message)
  const last = causes.at(-1)
  return last === undefined || said.includes(last) ? said : `${said} (caused by ${last.slice(0, longest)})`
}
