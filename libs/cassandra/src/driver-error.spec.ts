import cassandra from 'cassandra-driver'
import { describe, expect, it } from '@jest/globals'
import { CassandraError, cassandraErrorCodes } from './cassandra.errors.ts'
import { cassandraError } from './driver-error.ts'

const { errors, types } = cassandra
const write = { action: 'writing 3 rows to trades_per_minute_v1', contactPoints: ['db:9042'], isRepeatable: true }
const decide = { ...write, isRepeatable: false }
const answer = (code: number, message = 'no') => new errors.ResponseError(code, message)
const cut = (requestNotWritten: boolean) => Object.assign(new Error('read ECONNRESET'), { isSocketError: true, requestNotWritten })
const server = types.responseErrorCodes

describe('an error of the driver', () => {
  it.each<[string, unknown, string, string]>([
    ['nothing listens', new errors.NoHostAvailableError({ 'db:9042': new Error('connect ECONNREFUSED') }), 'cassandra_unreachable', 'later'],
    ['a name is unknown', new errors.NoHostAvailableError({}, 'No host could be resolved'), 'cassandra_unreachable', 'later'],
    ['the password is refused', new errors.NoHostAvailableError({ 'db:9042': new errors.AuthenticationError('bad') }), 'cassandra_login_refused', 'later'],
    ['the data centre is another', new errors.NoHostAvailableError({ 'db:9042': new errors.ArgumentError('found hosts in data centers: [dc2]') }), 'cassandra_datacenter_unknown', 'never'],
    ['no answer comes', new errors.OperationTimedOutError('slow', 'db:9042'), 'cassandra_timeout', 'later'],
    ['the connection is cut', cut(false), 'cassandra_unreachable', 'later'],
    ['a replica is slow', answer(server.writeTimeout), 'cassandra_timeout', 'later'],
    ['replicas are away', answer(server.unavailableException), 'cassandra_overloaded', 'later'],
    ['the table is missing', answer(server.invalid, 'table x does not exist'), 'cassandra_schema_missing', 'later'],
    ['a column is missing', answer(server.invalid, 'Undefined column name x in table y'), 'cassandra_schema_missing', 'later'],
    ['the role may not', answer(server.unauthorized), 'cassandra_forbidden', 'later'],
    ['the statement is wrong', answer(server.syntaxError), 'cassandra_request_refused', 'never'],
    ['a value does not fit', new TypeError('Not a valid bigint'), 'cassandra_request_refused', 'never'],
  ])('when %s becomes one that callers can decide on', (_, cause, code, retry) => {
    const error = cassandraError(cause, write)
    expect(error).toMatchObject({ code, retry, cause })
    expect(error.message).toMatch(/^writing 3 rows to trades_per_minute_v1: Cassandra at db:9042: /)
  })

  it.each<[string, unknown, string]>([
    ['no answer comes', new errors.OperationTimedOutError('slow', 'db:9042'), 'cassandra_outcome_unknown'],
    ['the connection is cut after it was sent', cut(false), 'cassandra_outcome_unknown'],
    ['the connection is cut before it was sent', cut(true), 'cassandra_unreachable'],
    ['a replica is slow', answer(server.writeTimeout), 'cassandra_outcome_unknown'],
    ['Cassandra itself does not know', answer(0x1700), 'cassandra_outcome_unknown'],
    ['one node was slow and the next is away', new errors.NoHostAvailableError({ a: new Error('ECONNREFUSED'), b: new errors.OperationTimedOutError('slow', 'b') }), 'cassandra_outcome_unknown'],
    ['replicas are away', answer(server.unavailableException), 'cassandra_overloaded'],
  ])('of a lightweight transaction says when %s whether it may have been applied', (_, cause, code) => {
    expect(cassandraError(cause, decide).code).toBe(code)
  })

  it('keeps to one line without the stack that the driver appends', () => {
    const inner = new Error('connect ECONNREFUSED 127.0.0.1:1\n    at TCPConnectWrap')
    expect(cassandraError(new errors.NoHostAvailableError({ a: inner }), write).message.split('\n')).toHaveLength(1)
  })

  it('of our own passes unchanged', () => {
    const ours = new CassandraError('cassandra_change_refused', 'no')
    expect(cassandraError(ours, write)).toBe(ours)
  })
})

describe('the catalogue of errors', () => {
  it('names every code with its library', () => {
    for (const code of Object.keys(cassandraErrorCodes)) expect(code).toMatch(/^cassandra_[a-z_]+$/)
  })
})
