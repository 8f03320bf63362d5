import { STATUS_CODES } from 'node:http'
import { MillraceError } from '@millrace/stream-kit'
import { ProblemException, type ProblemDetails } from './problem-exception.ts'

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
      ? { status, code: 'unavailable', title: 'Not possible just now', detail: 'The worker is stopping or not ready. Try again later.', retryAfterSeconds: 1 }
      : { status: 500, code: 'internal_error', title: 'The worker failed', detail: 'An unexpected error. The worker\'s log has it under this correlation id.' }
  }
  return known[status] ?? { status, code: `http_${status}`, title: STATUS_CODES[status] ?? 'Refused', detail: 'The request was refused.' }
}

/** Nest says the status by getStatus(), Fastify by statusCode. */
function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  if ('getStatus' in error && typeof error.getStatus === 'function') return Number((error.getStatus as () => unknown)())
  return 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : undefined
}

const known: Readonly<Record<number, ProblemDetails>> = {
  400: { status: 400, code: 'bad_request', title: 'Not understood', detail: 'The request cannot be read. Send a well-formed path and, where a body is asked for, a JSON object.' },
  404: { status: 404, code: 'not_found', title: 'Nothing here', detail: 'There is no such path here, or not for this method. Paths are case-sensitive and end without a slash.' },
  405: { status: 405, code: 'method_not_allowed', title: 'Another method', detail: 'The path exists, but not for this method.' },
  408: { status: 408, code: 'request_timeout', title: 'Too slow', detail: 'The request did not arrive in time. Send it in one go.' },
  413: { status: 413, code: 'body_too_large', title: 'The body is too large', detail: 'A body has at most 16 KB.' },
  414: { status: 414, code: 'url_too_long', title: 'The address is too long', detail: 'An address has at most 8 KB, and one part of its path at most 1,000 characters.' },
  415: { status: 415, code: 'unsupported_media_type', title: 'Another media type', detail: 'Send the body as application/json.' },
  431: { status: 431, code: 'headers_too_large', title: 'The headers are too large', detail: 'All headers together have at most 16 KB.' },
}
