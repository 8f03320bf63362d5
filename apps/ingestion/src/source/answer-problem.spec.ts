import { describe, expect, it } from '@jest/globals'
import { answerProblem } from './answer-problem.ts'

const nowMs = Date.parse('2026-01-01T00:00:00Z')
const judge = (status: number, headers: Record<string, string> = {}) => answerProblem({ status, headers: { 'content-type': 'application/json', ...headers } }, nowMs)

describe('answerProblem', () => {
  it.each(['application/json', 'application/json; charset=utf-8', 'application/geo+json', 'APPLICATION/JSON'])('takes an answer of type %s', (type) => {
    expect(judge(200, { 'content-type': type })).toBeNull()
  })

  it.each(['text/html', '', 'application/jsonp', 'text/json'])('does not read an answer of type %j', (type) => {
    expect(judge(200, { 'content-type': type })).toMatchObject({ code: 'source_answer_unreadable', retry: 'later' })
  })

  it.each([[500, 'source_failed'], [502, 'source_failed'], [408, 'source_failed'], [429, 'source_busy'], [503, 'source_busy']])('tries again later after %i', (status, code) => {
    expect(judge(status)).toMatchObject({ code, retry: 'later' })
  })

  it.each([301, 302, 307, 400, 401, 403, 404, 410, 204, 206])('does not try again after %i', (status) => {
    expect(judge(status)).toMatchObject({ code: 'source_refused', retry: 'never' })
  })

  it('waits as long as it is asked to, in seconds or until a date, but never more than five minutes', () => {
    const waits = ['7', 'Thu, 01 Jan 2026 00:00:30 GMT', 'Wed, 31 Dec 2025 00:00:00 GMT', '86400'].map((value) => judge(429, { 'retry-after': value })?.fields['retryAfterMs'])
    expect(waits).toEqual([7_000, 30_000, 0, 300_000])
    expect(judge(429, { 'retry-after': 'soon' })?.fields).not.toHaveProperty('retryAfterMs')
  })
})
