import { MillraceError } from '@millrace/stream-kit'
import { HttpException, NotFoundException } from '@nestjs/common'
import { describe, expect, it } from '@jest/globals'
import { ProblemException } from './problem-exception.ts'
import { problemAnswer } from './problem.ts'

describe('problemAnswer', () => {
  it('says what a ProblemException says, with its headers', () => {
    const error = new ProblemException({ status: 409, code: 'not_final', title: 'Not final', detail: 'The window is open until noon.', retryAfterSeconds: 0.2, errors: [{ field: 'from', detail: 'too late' }], members: { until: 5, status: 1 } })
    expect(problemAnswer(error, 'id-12345')).toEqual({
      status: 409,
      headers: { 'content-type': 'application/problem+json; charset=utf-8', 'retry-after': '1' },
      body: { type: 'urn:millrace:problem:not_final', title: 'Not final', status: 409, detail: 'The window is open until noon.', code: 'not_final', correlationId: 'id-12345', errors: [{ field: 'from', detail: 'too late' }], until: 5 },
    })
  })

  it.each([
    ['an error of ours that may pass', new MillraceError('kafka_unreachable', 'broker db1.example:9092 refused', { retry: 'later' }), 503, 'kafka_unreachable'],
    ['an error of ours that will not pass', new MillraceError('plan_invalid', 'at db1.example:9092', { retry: 'never' }), 500, 'plan_invalid'],
    ['a bug', new TypeError('db1.example:9092 is undefined'), 500, 'internal_error'],
    ['a thrown text', 'db1.example:9092', 500, 'internal_error'],
    ['nothing', undefined, 500, 'internal_error'],
    ['an exception of Nest', new NotFoundException('db1.example:9092'), 404, 'not_found'],
    ['a teapot', new HttpException('db1.example:9092', 418), 418, 'http_418'],
    ['an error of Fastify', Object.assign(new Error('db1.example:9092'), { statusCode: 413 }), 413, 'body_too_large'],
  ])('answers %s without its message, its stack or a host', (_, error, status, code) => {
    const answer = problemAnswer(error, 'id-12345')
    expect([answer.status, answer.body['status'], answer.body['code']]).toEqual([status, status, code])
    expect(JSON.stringify(answer)).not.toMatch(/db1\.example|9092|node_modules|\.ts/)
    expect(answer.headers['retry-after'] !== undefined).toBe(status === 503)
  })
})
