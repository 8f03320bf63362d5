import { MillraceError, type ErrorDetails } from '@millrace/stream-kit'

/** Every code that this library throws, with what it means. */
export const restErrorCodes = {
  request_refused: 'Parts of the path or the query cannot be read; all of them are listed: 400.',
  nothing_declared: 'Nothing is declared at the path; what is declared is listed: 404.',
  page_token_key_refused: 'The key that signs page tokens is too short to be one.',
} as const

export type RestErrorCode = keyof typeof restErrorCodes

/** A code that is not in the catalogue does not compile. */
export class RestError extends MillraceError {
  declare readonly code: RestErrorCode

  // eslint-disable-next-line @typescript-eslint/no-useless-constructor -- narrows the code
  constructor(code: RestErrorCode, message: string, details?: ErrorDetails) {
    super(code, message, details)
  }
}

/** One part of a request that could not be read: what was found, what was expected, and what to write instead. */
export interface WrongPart {
  readonly parameter: string
  readonly in: 'path' | 'query'
  readonly found: string
  readonly expected: string
  readonly cure: string
}

/** A wrong part as the `errors` of a problem list it. */
export const refusedField = ({ parameter, in: place, found, expected, cure }: WrongPart) =>
  ({ field: parameter, in: place, found, expected, cure, detail: `${parameter} is ${found}, expected ${expected}. ${cure}` })

/** A path or query parameter that cannot be read. Lists every wrong part, so one answer mends the whole request: 400. */
export class RequestRefused extends RestError {
  readonly parts: readonly WrongPart[]

  constructor(parts: readonly WrongPart[]) {
    super('request_refused', parts.map((part) => refusedField(part).detail).join(' '), {
      fields: { parameters: parts.map(({ parameter }) => parameter) },
    })
    this.parts = parts
  }
}

/** Nothing is declared at a path. Says what is: 404. */
export class NothingDeclared extends RestError {
  readonly exists: readonly string[]

  constructor(problem: string, exists: readonly string[]) {
    super('nothing_declared', `${problem} There is ${exists.join(', ')}.`, { fields: { exists } })
    this.exists = exists
  }
}

/** The key that signs page tokens is too short to be one. */
export class PageTokenKeyRefused extends RestError {
  constructor(length: number) {
    super('page_token_key_refused', `The page token key has ${length} bytes, expected at least 32. Delete the file that MILLRACE_PAGE_TOKEN_KEY_FILE names and start again, or write 32 random bytes as base64url into it.`)
  }
}
