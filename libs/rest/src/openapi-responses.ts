import type { JsonSchema } from '@millrace/stream-kit'

const text: JsonSchema = { type: 'string' }

/** RFC 9457, with what else our answers carry. */
export const problemSchema: JsonSchema = {
  type: 'object',
  description: 'RFC 9457: what went wrong and how to mend it.',
  properties: {
    type: { type: 'string', format: 'uri-reference' },
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

const problem = (description: string, headers?: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => ({
  description,
  ...(headers ? { headers } : {}),
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
})

const retryAfter = { 'Retry-After': { schema: { type: 'integer', minimum: 1 }, description: 'Seconds to wait.' } }

export const problemResponses: Readonly<Record<string, unknown>> = {
  Refused: problem('A parameter cannot be read; all wrong ones are listed.'),
  Unauthenticated: problem('The key is missing, unknown or expired.'),
  Forbidden: problem('The key lacks the scope `query:read`.'),
  NotFound: problem('Nothing is declared here; what is declared is listed.'),
  TooMany: problem('More queries a second than this key may send.', retryAfter),
  Unavailable: problem('The store does not answer now.', retryAfter),
}

/** The answers besides 200 that every reading path may give. */
export const problemRefs = (...left: readonly string[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries({ 400: 'Refused', 401: 'Unauthenticated', 403: 'Forbidden', 404: 'NotFound', 429: 'TooMany', 503: 'Unavailable' })
      .filter(([status]) => !left.includes(status))
      .map(([status, name]) => [status, { $ref: `#/components/responses/${name}` }]),
  )
