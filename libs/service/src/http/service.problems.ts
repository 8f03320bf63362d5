import { problemsOf, type ProblemCatalogue } from './problem-catalogue.ts'

/** What any worker may answer with. docs/errors.md is generated from it. */
export const serviceProblems = {
  bad_request: {
    status: 400, title: 'Not understood',
    remedy: 'Send a well-formed path and, where a body is asked for, a JSON object.',
  },
  invalid_request: {
    status: 400, title: 'The request is not valid',
    remedy: 'Change each member that "errors" lists.',
  },
  body_too_deep: {
    status: 400, title: 'The body nests too deep',
    remedy: 'Send a body of at most 32 levels.',
  },
  list_too_long: {
    status: 400, title: 'A list is too long',
    remedy: 'Send it in parts.',
  },
  idempotency_key_required: {
    status: 400, title: 'An idempotency key is needed',
    remedy: 'Send the header "Idempotency-Key" with 1 to 200 printable characters of your choice, the same again when you repeat the request.',
  },
  partition_unknown: {
    status: 400, title: 'There is no such partition',
    remedy: 'Ask for the partitions of the topic, from 0 on.',
  },
  key_required: {
    status: 401, title: 'A valid key is needed',
    remedy: 'Send the header "Authorization: Bearer <key>". The first start has written keys to .millrace/keys.',
  },
  scope_missing: {
    status: 403, title: 'The key may not do this',
    remedy: 'Send a key that has one of the scopes in WWW-Authenticate.',
  },
  not_found: {
    status: 404, title: 'Nothing here',
    remedy: 'Look at the path: it is case-sensitive and ends without a slash.',
  },
  stream_unknown: {
    status: 404, title: 'There is no such stream',
    remedy: 'Ask for one of the streams that the answer names.',
  },
  method_not_allowed: {
    status: 405, title: 'Another method',
    remedy: 'Use the method that the path is for.',
  },
  request_timeout: {
    status: 408, title: 'Too slow',
    remedy: 'Send the request in one go.',
  },
  body_too_large: {
    status: 413, title: 'The body is too large',
    remedy: 'Send a body of at most 16 KB.',
  },
  url_too_long: {
    status: 414, title: 'The address is too long',
    remedy: 'Send an address of at most 8 KB.',
  },
  unsupported_media_type: {
    status: 415, title: 'Another media type',
    remedy: 'Send the body as application/json.',
  },
  idempotency_key_used: {
    status: 422, title: 'The idempotency key stands for another request',
    remedy: 'Send a new key for a new request.',
  },
  too_many_requests: {
    status: 429, title: 'Too many requests',
    remedy: 'Wait for the time in Retry-After.',
  },
  headers_too_large: {
    status: 431, title: 'The headers are too large',
    remedy: 'Send at most 16 KB of headers.',
  },
  internal_error: {
    status: 500, title: 'The worker failed',
    remedy: 'Look into the worker\'s log for the correlation id of the answer.',
  },
  not_ready: {
    status: 503, title: 'Not ready',
    remedy: 'Wait: "checks" says for what.',
  },
  store_slow: {
    status: 503, title: 'Not possible just now',
    remedy: 'Try again later. If it stays, look at Cassandra (npm run status).',
  },
  unavailable: {
    status: 503, title: 'Not possible just now',
    remedy: 'Try again later: the worker is stopping or not ready.',
  },
} as const satisfies ProblemCatalogue

/** A problem that any worker may answer with. */
export const serviceProblem = problemsOf(serviceProblems)
