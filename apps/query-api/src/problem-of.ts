import { NothingDeclared, refusedField, RequestRefused } from '@millrace/rest'
import { ProblemException } from '@millrace/service'

/** What a refusal of libs/rest is over HTTP; any other error is left as it is. */
export function problemOf(error: unknown): unknown {
  if (error instanceof RequestRefused)
    return new ProblemException({ status: 400, code: error.code, title: 'The request is not valid', detail: error.message, errors: error.parts.map(refusedField) })
  if (error instanceof NothingDeclared)
    return new ProblemException({ status: 404, code: error.code, title: 'Nothing is declared here', detail: error.message, members: { exists: error.exists } })
  return error
}
