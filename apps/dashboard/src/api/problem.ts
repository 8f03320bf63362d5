/** What went wrong with a request, as RFC 9457 has it and query-api writes it; also for what never reached query-api. */
export interface Problem {
  /** Programs decide by this one. */
  readonly code: string
  readonly title: string
  readonly detail: string
  /** The HTTP status; null where there was no answer. */
  readonly status: number | null
  readonly correlationId: string | null
  /** What is wrong with each part of the request. */
  readonly errors: readonly string[]
  /** What there is instead of what was asked for. */
  readonly exists: readonly string[]
  /** How long to wait before the next request; null where nothing is said. */
  readonly retryAfterMs: number | null
}

export const problemOf = (said: Partial<Problem> & Pick<Problem, 'code' | 'title' | 'detail'>): Problem => ({ status: null, correlationId: null, errors: [], exists: [], retryAfterMs: null, ...said })

/** query-api does not answer at all. */
export const unreachable = problemOf({ code: 'unreachable', title: 'query-api does not answer', detail: 'It may be stopped, or the network is away. It is asked again by itself.' })

/** query-api has not answered in time. */
export const answeredTooLate = problemOf({ code: 'answered_too_late', title: 'query-api has not answered in time', detail: 'It is asked again by itself.' })

/** Reads the body of a refusal. What is no problem, such as the page of a proxy, becomes one that says so. */
export function readProblem(body: unknown, { status, retryAfter }: { readonly status: number | null; readonly retryAfter: string | null }): Problem {
  const said = isObject(body) ? body : {}
  const seconds = retryAfter === null ? NaN : Number(retryAfter)
  const { code, title, detail, correlationId, errors, exists } = said
  return {
    code: textOr(code, status === null ? 'unreadable' : `http_${status}`),
    title: textOr(title, 'The answer cannot be read'),
    detail: textOr(detail, status === null ? 'What came is not what query-api writes.' : `The answer has the status ${status} and is not from query-api: look at what lies between it and this page.`),
    status,
    correlationId: typeof correlationId === 'string' ? correlationId : null,
    errors: Array.isArray(errors) ? errors.flatMap((error: unknown) => (isObject(error) && typeof error['detail'] === 'string' ? [error['detail']] : [])) : [],
    exists: Array.isArray(exists) ? exists.filter((one) => typeof one === 'string') : [],
    retryAfterMs: Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : null,
  }
}

const textOr = (value: unknown, otherwise: string): string => (typeof value === 'string' && value !== '' ? value : otherwise)
/** Whether it has members, as an answer in JSON should. */
export const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
