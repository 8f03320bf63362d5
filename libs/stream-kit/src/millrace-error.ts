/** Whether trying again can help: at once, after a while, or not before somebody has changed something. */
export type Retry = 'now' | 'later' | 'never'

export interface ErrorDetails {
  readonly retry?: Retry
  /** What a log line should carry beside the message. Never a secret. */
  readonly fields?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

/**
 * The base of every error that Millrace throws on purpose.
 *
 * Callers decide by `code` and `retry`, never by the text. The text says what was found, where, what was
 * expected, and how to mend it.
 */
export class MillraceError extends Error {
  readonly code: string
  readonly retry: Retry
  readonly fields: Readonly<Record<string, unknown>>

  constructor(code: string, message: string, { retry = 'never', fields = {}, cause }: ErrorDetails = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = new.target.name
    this.code = code
    this.retry = retry
    this.fields = fields
  }
}
