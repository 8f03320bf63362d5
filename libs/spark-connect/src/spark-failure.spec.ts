import { readFileSync } from 'node:fs'
import { Code, ConnectError } from '@connectrpc/connect'
import { describe, expect, it } from '@jest/globals'
import { ErrorInfoSchema } from '../gen/google/rpc/error_details_pb.js'
import { classify, queryFailure, sparkError, type SparkFailure } from './spark-failure.ts'
import { sparkErrors, type SparkErrorCode } from './spark.errors.ts'

describe('what Spark 4.2.0 says', () => {
  it.each<[SparkErrorCode, SparkFailure]>([
    ['spark_unreachable', { grpcCode: Code.Unavailable, text: 'connect ECONNREFUSED 127.0.0.1:15002' }],
    ['spark_unreachable', { grpcCode: Code.Aborted, text: 'read ECONNRESET' }],
    ['spark_unauthenticated', { grpcCode: Code.Unauthenticated, text: 'Invalid authentication token' }],
    ['spark_session_changed', { errorClass: 'INVALID_HANDLE.SESSION_CHANGED', grpcCode: Code.Internal, text: 'The existing Spark server driver instance has restarted.' }],
    ['spark_query_exists', { grpcCode: Code.Internal, javaClass: 'java.lang.IllegalArgumentException', text: 'Cannot start query with name trades.v1.g1@4f91c0e3bd6e as a query with that name is already active in this SparkSession' }],
    ['spark_query_unknown', { errorClass: 'CONNECT_INVALID_PLAN.STREAMING_QUERY_NOT_FOUND', sqlState: '56K00', text: 'Streaming query 1111 is not found' }],
    ['spark_missing_topic', { errorClass: 'STREAM_FAILED', text: 'org.apache.kafka.common.errors.UnknownTopicOrPartitionException: This server does not host this topic-partition.' }],
    ['spark_missing_topic', { errorClass: 'STREAM_FAILED', text: 'org.apache.kafka.common.errors.TimeoutException: Topic trades.v1.windows not present in metadata after 60000 ms.' }],
    ['spark_broker_unreachable', { errorClass: 'STREAM_FAILED', text: 'org.apache.kafka.common.errors.TimeoutException: Timed out waiting for a node assignment. Call: listNodes' }],
    ['spark_disk_full', { errorClass: 'STREAM_FAILED', text: 'org.apache.hadoop.fs.FSError: java.io.IOException: No space left on device' }],
    ['spark_disk_full', { errorClass: 'CANNOT_LOAD_STATE_STORE.UNCATEGORIZED', text: 'An error occurred during loading state. Caused by: java.io.IOException: No space left on device' }],
    ['spark_data_loss', { errorClass: 'STREAM_FAILED', text: 'Some data may have been lost because they are not available in Kafka any more; either the data was aged out by Kafka or …' }],
    ['spark_data_loss', { errorClass: 'STREAM_FAILED', text: 'Caused by: org.apache.kafka.clients.consumer.OffsetOutOfRangeException: Fetch position …' }],
    ['spark_checkpoint_corrupt', { errorClass: 'STREAM_FAILED', text: 'Failed to read log file file:/c/offsets/3. Incomplete log file' }],
    ['spark_checkpoint_corrupt', { errorClass: 'STREAM_FAILED', text: 'org.apache.hadoop.fs.ChecksumException: Checksum error' }],
    ['spark_checkpoint_corrupt', { errorClass: 'STREAM_FAILED', text: '[CANNOT_LOAD_STATE_STORE.UNCATEGORIZED] An error occurred during loading state.' }],
    ['spark_checkpoint_corrupt', { grpcCode: Code.Internal, javaClass: 'com.fasterxml.jackson.databind.exc.MismatchedInputException', text: 'No content to map due to end-of-input' }],
    ['spark_plan_refused', { errorClass: 'UNRESOLVED_ROUTINE', sqlState: '42883', text: 'Cannot resolve routine `nonsense`' }],
    ['spark_plan_refused', { errorClass: 'PARSE_SYNTAX_ERROR', sqlState: '42601', text: 'Syntax error at or near end of input.' }],
    ['spark_failed', { errorClass: 'STREAM_FAILED', text: 'java.lang.OutOfMemoryError: Java heap space' }],
    ['spark_failed', { grpcCode: Code.Internal, text: 'Mkdirs failed to create file:/c' }],
  ])('is %s: %j', (code, failure) => {
    expect(classify(failure)).toBe(code)
  })
})

describe('an error', () => {
  const answer = () => {
    const error = new ConnectError('no such function\nmore\nand more\nstill\nfifth line', Code.Internal)
    error.details.push({ desc: ErrorInfoSchema, value: { reason: 'org.apache.spark.sql.AnalysisException', metadata: { errorClass: 'UNRESOLVED_ROUTINE', sqlState: '42883', errorId: 'e1' } } })
    return error
  }

  it('of a call is decided by the class in its details, and names the action, the cause and the remedy', () => {
    const error = sparkError('checking a plan', answer())
    expect(error).toMatchObject({ code: 'spark_plan_refused', retry: 'never', message: 'checking a plan: no such function more and more still', fields: { errorClass: 'UNRESOLVED_ROUTINE', sqlState: '42883', errorId: 'e1', grpc: 'Internal' } })
    expect(error.remedy).toBe(sparkErrors.spark_plan_refused.remedy)
    expect(error.cause).toBeInstanceOf(ConnectError)
  })

  it('that is decided already stays as it is', () => {
    const first = sparkError('starting', answer())
    expect(sparkError('listing', first)).toBe(first)
  })

  it('of a query that ended names the last cause, which its message hides behind the plan', () => {
    const error = queryFailure('running q', { message: 'Job aborted.\n=== Streaming Query ===', errorClass: 'STREAM_FAILED', stackTrace: 'at x\nCaused by: java.lang.Exception: between\nCaused by: org.apache.kafka.common.errors.TimeoutException: no broker\n\tat y' })
    expect(error).toMatchObject({ code: 'spark_broker_unreachable', message: 'running q: Job aborted. === Streaming Query === (caused by org.apache.kafka.common.errors.TimeoutException: no broker)' })
  })

  it('is catalogued: the README names every code', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
    expect(Object.keys(sparkErrors).filter((code) => !readme.includes(`\`${code}\``))).toEqual([])
  })
})
