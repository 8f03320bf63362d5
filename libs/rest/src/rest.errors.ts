import { MillraceError, type ErrorCatalogue, type ErrorContext } from '@millrace/stream-kit'

/** Every code that this library throws. docs/errors.md is generated from it. */
export const restErrorCodes = {
  request_refused: {
    retry: 'never', means: 'Parts of the path or the query cannot be read. Over HTTP it is the problem 400 that lists all of them.',
    remedy: 'Change each part as its entry in "errors" says.',
  },
  nothing_declared: {
    retry: 'never', means: 'Nothing is declared at the path. Over HTTP it is the problem 404 that lists what is.',
    remedy: 'Ask for one of the paths in "exists".',
  },
  page_token_key_refused: {
    retry: 'never', means: 'The key that signs page tokens is too short to be one.',
    remedy: 'Delete the file that MILLRACE_PAGE_TOKEN_KEY_FILE names and start again, or write 32 random bytes as base64url into it.',
  },
} as const satisfies ErrorCatalogue

export type RestErrorCode = keyof typeof restErrorCodes

/** A code that is not in the catalogue does not compile. */
export class RestError extends MillraceError {
  declare readonly code: RestErrorCode

  constructor(code: RestErrorCode, message: string, context: ErrorContext = {}) {
    super(code, message, { ...context, retry: restErrorCodes[code].retry })
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
