import type { ErrorDetails, Retry } from './millrace-error.ts'

/** What stands behind the code of an error, for people. */
export interface CataloguedError {
  readonly retry: Retry
  /** What has happened, in a sentence. */
  readonly means: string
  /** What a person does about it, in a sentence or two. */
  readonly remedy: string
}

/** The errors of one library or app by their code; each `*.errors.ts` exports one. */
export type ErrorCatalogue = Readonly<Record<string, CataloguedError>>

/** What one error adds to what its catalogue says of its code. */
export type ErrorContext = Omit<ErrorDetails, 'retry'>
