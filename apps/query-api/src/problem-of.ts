import { NothingDeclared, refusedField, RequestRefused } from '@millrace/rest'
import { problem } from './query-api.problems.ts'

/** What a refusal of libs/rest is over HTTP; any other error is left as it is. */
export function problemOf(error: unknown): unknown {
  if (error instanceof RequestRefused)
    return problem('request_refused', { detail: error.message, errors: error.parts.map(refusedField) })
  if (error instanceof NothingDeclared)
    return problem('nothing_declared', { detail: error.message, members: { exists: error.exists } })
  return error
}
