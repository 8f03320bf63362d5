import type { JsonSchema } from '@millrace/stream-kit'

const text: JsonSchema = { type: 'string' }

/** RFC 9457, with what else our answers carry. */
export const problemSchema: JsonSchema = {
  type: 'object',
  description: 'RFC 9457: what went wrong and how to mend it.',
  properties: {
    type: { type: 'string', format: 'uri', description: '`urn:millrace:problem:` and the code.' },
    title: text,
    status: { type: 'integer' },
    detail: text,
    code: { type: 'string', description: 'Stable; decide by this one.' },
    errors: {
      type: 'array',
      description: 'Every wrong part of the request.',
      items: { type: 'object', properties: { field: text, in: { enum: ['path', 'query'] }, found: text, expected: text, cure: text, detail: text }, required: ['field', 'detail'] },
    },
    correlationId: { type: 'string', description: 'Finds the request in our log.' },
    exists: { type: 'array', items: text, description: 'What there is instead of what was asked for.' },
  },
  required: ['type', 'title', 'status', 'detail', 'code', 'correlationId'],
}

interface Answer {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly errors?: readonly object[]
  readonly exists?: readonly string[]
}

/** A response with an answer as it really looks: what a page makes up from the schema alone says nothing. */
const problem = (description: string, { status, code, title, detail, ...more }: Answer, headers?: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => ({
  description,
  ...(headers ? { headers } : {}),
  content: {
    'application/problem+json': {
      schema: { $ref: '#/components/schemas/Problem' },
      example: { ...more, type: `urn:millrace:problem:${code}`, title, status, detail, code, correlationId: '0f3c9a52-6d0b-4c3e-9a55-2f6a1f0f6f1e' },
    },
  },
})

const retryAfter = { 'Retry-After': { schema: { type: 'integer', minimum: 1 }, description: 'Seconds to wait.' } }

export const problemResponses: Readonly<Record<string, unknown>> = {
  Refused: problem('A parameter cannot be read; all wrong ones are listed.', {
    status: 400, code: 'request_refused', title: 'The request is not valid', detail: `limit is '0', expected a whole number from 1 to 1000. Ask for the next page with cursor.`,
    errors: [{ field: 'limit', in: 'query', found: `'0'`, expected: 'a whole number from 1 to 1000', cure: 'Ask for the next page with cursor.', detail: `limit is '0', expected a whole number from 1 to 1000. Ask for the next page with cursor.` }],
  }),
  Unauthenticated: problem('The key is missing, unknown or expired.', {
    status: 401, code: 'key_required', title: 'A valid key is needed', detail: 'Send the header "Authorization: Bearer <key>" with a key that has the scope query:read.',
  }),
  Forbidden: problem('The key lacks the scope `query:read`.', { status: 403, code: 'scope_missing', title: 'The key may not do this', detail: 'This needs a key that has the scope query:read.' }),
  NotFound: problem('Nothing is declared here; what is declared is listed.', {
    status: 404, code: 'nothing_declared', title: 'Nothing is declared here', detail: 'There is no stream at /v1/trade. There is /v1/trades.', exists: ['/v1/trades'],
  }),
  TooMany: problem('More queries a second than this key may send.', { status: 429, code: 'too_many_requests', title: 'Too many requests', detail: 'At most 50 queries in 1 seconds. Wait for the time in Retry-After.' }, retryAfter),
  Unavailable: problem('The store does not answer now.', { status: 503, code: 'store_slow', title: 'Not possible just now', detail: 'The store has not answered within 1500 ms. Try again later.' }, retryAfter),
}

/** The answers besides 200 that every reading path may give. */
export const problemRefs = (...left: readonly string[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries({ 400: 'Refused', 401: 'Unauthenticated', 403: 'Forbidden', 404: 'NotFound', 429: 'TooMany', 503: 'Unavailable' })
      .filter(([status]) => !left.includes(status))
      .map(([status, name]) => [status, { $ref: `#/components/responses/${name}` }]),
  )
