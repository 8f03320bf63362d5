import { STATUS_CODES } from 'node:http'
import { MillraceError } from '@millrace/stream-kit'
import { ProblemException, type ProblemDetails } from './problem-exception.ts'
import { serviceProblem } from './service.problems.ts'

/** What is sent: a problem object of RFC 9457 and its headers. */
export interface ProblemAnswer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, string>>
}

/**
 * Any error as an answer. A ProblemException says itself what the caller may read. Of anything else the caller learns
 * only the status, the code and the correlation id: messages of drivers name hosts, and stacks name files.
 */
export function problemAnswer(error: unknown, correlationId: string): ProblemAnswer {
  const problem = error instanceof ProblemException ? error.problem : problemOf(error)
  const { status, code, title, detail, errors, members = {}, headers = {}, retryAfterSeconds } = problem
  return {
    status,
    headers: {
      'content-type': 'application/problem+json; charset=utf-8',
      ...retryAfterSeconds === undefined ? {} : { 'retry-after': String(Math.max(1, Math.ceil(retryAfterSeconds))) },
      ...headers,
    },
    body: { ...members, type: `urn:millrace:problem:${code}`, title, status, detail, code, correlationId, ...errors === undefined ? {} : { errors } },
  }
}

function problemOf(error: unknown): ProblemDetails {
  if (error instanceof MillraceError) {
    return error.retry === 'never'
      ? { status: 500, code: error.code, title: 'The worker failed', detail: 'The request ran into an error that trying again does not mend. The worker\'s log has it under this correlation id.' }
      : { status: 503, code: error.code, title: 'Not possible just now', detail: 'Something the worker needs does not answer. Try again later; the worker\'s log has it under this correlation id.', retryAfterSeconds: 5 }
  }
  const status = statusOf(error)
  if (status === undefined || status >= 500) {
    return status === 503
      ? serviceProblem('unavailable', { detail: 'The worker is stopping or not ready. Try again later.', retryAfterSeconds: 1 }).problem
      : serviceProblem('internal_error', { detail: 'An unexpected error. The worker\'s log has it under this correlation id.' }).problem
  }
  return known[status] ?? { status, code: `http_${status}`, title: STATUS_CODES[status] ?? 'Refused', detail: 'The request was refused.' }
}

/** Nest says the status by getStatus(), Fastify by statusCode. */
function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  if ('getStatus' in error && typeof error.getStatus === 'function') return Number((error.getStatus as () => unknown)())
  return 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : undefined
}

const known: Readonly<Record<number, ProblemDetails>> = Object.fromEntries([
  serviceProblem('bad_request', { detail: 'The request cannot be read. Send a well-formed path and, where a body is asked for, a JSON object.' }),
  serviceProblem('not_found', { detail: 'There is no such path here, or not for this method. Paths are case-sensitive and end without a slash.' }),
  serviceProblem('method_not_allowed', { detail: 'The path exists, but not for this method.' }),
  serviceProblem('request_timeout', { detail: 'The request did not arrive in time. Send it in one go.' }),
  serviceProblem('body_too_large', { detail: 'A body has at most 16 KB.' }),
  serviceProblem('url_too_long', { detail: 'An address has at most 8 KB, and one part of its path at most 1,000 characters.' }),
  serviceProblem('unsupported_media_type', { detail: 'Send the body as application/json.' }),
  serviceProblem('headers_too_large', { detail: 'All headers together have at most 16 KB.' }),
].map(({ problem }) => [problem.status, problem]))
