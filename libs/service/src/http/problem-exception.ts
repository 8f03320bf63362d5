export interface ProblemDetails {
  /** The HTTP status, 400 to 599. */
  readonly status: number
  /** snake_case, stable: what a program decides by. */
  readonly code: string
  /** The same for every problem of this code. */
  readonly title: string
  /** What was found, what was expected, and the cure. Goes to the caller: no host names, no secrets. */
  readonly detail: string
  readonly retryAfterSeconds?: number
  /** One entry a field that is wrong. */
  readonly errors?: readonly { readonly field: string, readonly detail: string }[]
  /** Further members of the problem object. */
  readonly members?: Readonly<Record<string, unknown>>
  /** Further response headers. */
  readonly headers?: Readonly<Record<string, string>>
  readonly cause?: unknown
}

/** Thrown to answer a request with a problem of RFC 9457. Knows nothing of Nest, so that rules may throw it. */
export class ProblemException extends Error {
  readonly problem: ProblemDetails

  constructor(problem: ProblemDetails) {
    super(problem.detail, problem.cause === undefined ? undefined : { cause: problem.cause })
    this.name = 'ProblemException'
    this.problem = problem
  }
}
